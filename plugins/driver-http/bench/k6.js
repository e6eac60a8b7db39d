/* global __ENV */
import http from 'k6/http'

// What k6 is to do beside bench/issue.ts.
export default function () {
  http.get(__ENV.TARGET)
}
