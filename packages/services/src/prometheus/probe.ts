import type { Probe } from '../definition.ts'
import { askForPage } from '../machine/http.ts'

/** One that is still reading its data answers that it is not ready. */
export function probePrometheus(port: number, timeoutMs: number): Promise<Probe> {
  return askForPage(port, '/-/ready', timeoutMs, (status, body) => {
    if (status !== 200) return { usable: false, why: `it answers GET /-/ready with ${status}` }
    return /^Prometheus( Server)? is Ready/.test(body)
      ? { usable: true }
      : { usable: false, why: 'it is no Prometheus' }
  })
}
