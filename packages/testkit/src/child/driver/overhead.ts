import type { DriverJob } from '../../job.ts'
import { withRig } from './rig.ts'

const warnAboveUs = 20
const warmUpShare = 0.5

/** What a request costs this process. Never a fault: machines are noisy. */
export async function probeOverhead(job: DriverJob): Promise<readonly string[]> {
  return withRig(job, async (link) => {
    await link.sendMany(Math.ceil(job.requests * warmUpShare))
    const before = process.cpuUsage()
    await link.sendMany(job.requests)
    const { user, system } = process.cpuUsage(before)
    const [userUs, systemUs] = [user / job.requests, system / job.requests]
    const figure = `${userUs.toFixed(1)} µs of CPU per request, and ${systemUs.toFixed(1)} µs in the kernel`
    return [
      userUs > warnAboveUs ? `${figure}: above ${warnAboveUs} µs, it costs as much as it measures` : figure,
    ]
  })
}
