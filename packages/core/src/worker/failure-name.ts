/** The outcome under which a request that rejected counts. Errors of client libraries often have no code; their class then says most. */
export function failureName(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error).slice(0, 80)
  const { code, name, constructor } = error as {
    code?: unknown
    name?: unknown
    constructor?: { name?: string }
  }
  if (typeof code === 'string' && code) return code
  if (constructor?.name && constructor.name !== 'Error') return constructor.name
  return typeof name === 'string' ? name : 'Error'
}
