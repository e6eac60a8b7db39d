import type { Probe } from '../definition.ts'
import { askForPage } from '../machine/http.ts'

/** Only a Pushgateway tells of its flags there, and one of them is about persistence. */
export function probePushgateway(port: number, timeoutMs: number): Promise<Probe> {
  return askForPage(port, '/api/v1/status', timeoutMs, (status, body) => {
    if (status !== 200) return { usable: false, why: `it answers GET /api/v1/status with ${status}` }
    return body.includes('"persistence.file"') && body.startsWith('{"status":"success"')
      ? { usable: true }
      : { usable: false, why: 'it is no Pushgateway' }
  })
}
