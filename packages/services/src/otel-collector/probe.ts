import type { Probe } from '../definition.ts'

/** Sends no spans at all, which an OTLP receiver has to accept. Never rejects. */
export async function probeOtlp(port: number, timeoutMs: number): Promise<Probe> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const answer: unknown = await response.json().catch(() => undefined)
    const isOtlp = typeof answer === 'object' && answer !== null
    if (response.ok && isOtlp) return { usable: true }
    return { usable: false, why: `it answers OTLP over HTTP with status ${response.status}, and no OTLP` }
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return { usable: false, why: `no answer to OTLP over HTTP within ${timeoutMs} ms` }
    const { cause } = error as { readonly cause?: unknown }
    return { usable: false, why: cause instanceof Error ? cause.message : String(error) }
  }
}
