import { workloadOf } from '@cloudbench/core/program'
import type { DriverJob } from '../../job.ts'
import { probeDescriptions } from '../descriptions.ts'
import { load, probeIdentity, probeOptions } from '../plugin.ts'

/** The driver has a name, and each of its workloads can connect. */
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

/** Checks every workload, not just the one under test: people read the options of all of them. */
export async function probeDriverDescriptions(job: DriverJob): Promise<readonly string[]> {
  const driver = await load('driver', job)
  const names = Object.keys(driver.workloads ?? { [driver.name]: driver })
  return names.flatMap((name) =>
    probeDescriptions(`${driver.name} ${name}`, workloadOf(driver, name).options),
  )
}
