/** Ends of names whose values are secret wherever they occur. */
const secretEnd =
  /(password|passwd|pwd|passphrase|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|account[-_]?key|authorization|credentials?|cookies?|signature([-_]\d+)?)$/i
const secretName = /^(pw|pass|jwt)$/i
/** Names that say so only in a query or among headers; elsewhere a key may be that of a row. */
const secretAmongHeaders = /(^|[-_.])(key|sig|auth|session(id)?|sid|jwt)$/i

export function isSecretKey(key: string): boolean {
  return secretEnd.test(key) || secretName.test(key)
}

/** Whether the value of a header, of metadata or of a parameter in a query is secret. */
export function isSecretHeader(name: string): boolean {
  return isSecretKey(name) || secretAmongHeaders.test(name)
}
