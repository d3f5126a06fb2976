/** What optimized integrations add to an answer, in the order that AWS writes it. */
export function sdkMetadata(headers: Readonly<Record<string, string>>, requestId: string, status = 200) {
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      HttpHeaders: headers,
      HttpStatusCode: status,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}
