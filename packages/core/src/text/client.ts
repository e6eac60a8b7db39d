/** Such as `ioredis 6.0.0`; frames of our own have no version. */
export function formatClient({
  name,
  version,
}: {
  readonly name: string
  readonly version?: string
}): string {
  return version === undefined ? name : `${name} ${version}`
}
