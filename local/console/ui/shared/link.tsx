import Link, { type LinkProps } from '@cloudscape-design/components/link';
import { follow } from '../router.ts';

/** A link to another page of the console. */
export function PageLink(props: LinkProps & { readonly href: string }) {
  return <Link {...props} onFollow={follow} />;
}
