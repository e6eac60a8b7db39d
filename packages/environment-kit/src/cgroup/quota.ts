import { join } from 'node:path'
import { numberIn, readNumber, readText } from '../files.ts'
import type { Cgroups } from './find.ts'

/** How much CPU time the group of this process gets, whatever CPUs there are. */
export interface CpuQuota {
  /** Such as 0.5: half of the time of one CPU. */
  readonly cpus: number
  /** Who used it up waits for the next period. */
  readonly periodMs: number
  /** The file that says so. */
  readonly file: string
}

/** The smallest quota between this process's group and the root; undefined where there is none. Never rejects. */
export async function findQuota(root: string, cgroups: Cgroups): Promise<CpuQuota | undefined> {
  let smallest: CpuQuota | undefined
  for (const { version, folders } of cgroups.pathsOf('cpu'))
    for (const folder of folders) {
      const quota = await (version === 2 ? readNewer(root, folder) : readOlder(root, folder))
      if (quota !== undefined && quota.cpus < (smallest?.cpus ?? Infinity)) smallest = quota
    }
  return smallest
}

/** `50000 100000`, in microseconds, or `max 100000`. */
async function readNewer(root: string, folder: string): Promise<CpuQuota | undefined> {
  const file = join(folder, 'cpu.max')
  const [quotaUs, periodUs] = ((await readText(join(root, file))) ?? '').trim().split(' ').map(numberIn)
  return quotaOf(quotaUs, periodUs, file)
}

/** No quota is -1. */
async function readOlder(root: string, folder: string): Promise<CpuQuota | undefined> {
  const file = join(folder, 'cpu.cfs_quota_us')
  const [quotaUs, periodUs] = await Promise.all([
    readNumber(join(root, file)),
    readNumber(join(root, folder, 'cpu.cfs_period_us')),
  ])
  return quotaOf(quotaUs, periodUs, file)
}

function quotaOf(
  quotaUs: number | undefined,
  periodUs: number | undefined,
  file: string,
): CpuQuota | undefined {
  if (!quotaUs || !periodUs) return undefined
  return { cpus: quotaUs / periodUs, periodMs: periodUs / 1000, file }
}
