import { S3_NAMESPACE, xmlDocument } from '../xml.ts';
import { checkKnown, requireBucket, type S3Action } from './action.ts';
import { LISTING_PARAMETERS, listPage } from './listing.ts';

/** The first version of the listing, which goes on behind a marker. */
export const ListObjects: S3Action = async (request, storage) => {
  checkKnown(request, { query: [...LISTING_PARAMETERS, 'marker'] });
  await requireBucket(request, storage);
  const { query } = request;
  const marker = query.get('marker') ?? '';
  const { isTruncated, last = '', encode, content } = await listPage(request, storage, marker);
  // "Returned only if you have the delimiter request parameter specified" (API Reference): else the last key is the marker.
  const NextMarker = isTruncated && query.has('delimiter') ? encode(last) : undefined;
  const body = xmlDocument('ListBucketResult', { ...content, Marker: encode(marker), NextMarker }, S3_NAMESPACE);
  return { status: 200, body };
};
