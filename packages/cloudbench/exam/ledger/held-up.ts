import type { Driver } from '@cloudbench/core'
import { importPlugin, resolvePlugin } from '@cloudbench/core/program'

// the driver `http`, in a load thread that is busy with something else for 50 ms of every 200

const everyMs = 200
const busyMs = 50

const driver = await importPlugin(resolvePlugin('http', 'driver', { from: import.meta.url }), 'driver')
let timer: NodeJS.Timeout | undefined

function holdUp(): void {
  const untilMs = performance.now() + busyMs
  while (performance.now() < untilMs);
}

const request = driver.workloads!['request']!

export default {
  ...driver,
  workloads: {
    request: {
      ...request,
      connect(context) {
        timer ??= setInterval(holdUp, everyMs).unref()
        return request.connect!(context)
      },
    },
  },
} satisfies Driver
