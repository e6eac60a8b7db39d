import type { DriverJob } from '../../job.ts'
import { workloadOf } from '@cloudbench/core/program'
import { load, probeIdentity, probeOptions } from '../plugin.ts'

/** A driver with a name, whose every workload can connect. */
export async function probeDriver(job: DriverJob): Promise<void> {
  const driver = await probeIdentity('driver', job)
  for (const name of Object.keys(driver.workloads ?? { [driver.name]: driver })) workloadOf(driver, name)
  workloadOf(driver, job.workload)
}

export async function probeDriverOptions(job: DriverJob): Promise<void> {
  const driver = await load('driver', job)
  const workload = workloadOf(driver, job.workload)
  await probeOptions(`${driver.name} ${workload.name}`, workload.options, job)
}
