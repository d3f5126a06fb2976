/** What the names of Regions look like (Amazon EC2 user guide, "Regions and Zones"). */
const REGION = /^[a-z]+(-[a-z]+)+-\d+$/;

/** For messages. */
export const A_REGION = 'a Region such as eu-west-1';

/** Whether this may be a Region's name; nobody knows those that AWS is going to open. */
export function isRegion(text: string): boolean {
  return REGION.test(text);
}
