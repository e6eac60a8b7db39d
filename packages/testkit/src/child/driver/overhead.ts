import type { DriverJob } from '../../job.ts'
import { withRig } from './answers.ts'
import { sendMany } from './bulk.ts'

const warnAboveUs = 20
const warmUpShare = 0.5

/** What a request costs this process. Never a fault: machines are noisy. */
export async function probeOverhead(job: DriverJob): Promise<readonly string[]> {
  return withRig(job, async (_rig, link) => {
    await sendMany(link, Math.ceil(job.requests * warmUpShare), job.limitMs)
    const before = process.cpuUsage()
    await sendMany(link, job.requests, job.limitMs)
    const { user, system } = process.cpuUsage(before)
    await link.close()
    const [userUs, systemUs] = [user / job.requests, system / job.requests]
    const figure = `${userUs.toFixed(1)} µs of CPU for each request, and ${systemUs.toFixed(1)} µs in the kernel`
    return [
      userUs > warnAboveUs ? `${figure}: above ${warnAboveUs} µs, it costs as much as it measures` : figure,
    ]
  })
}
