import { family } from '../family.ts'
import type { InstanceType } from '../instance-type.ts'

const source = 'https://cloud.google.com/compute/docs/instances/creating-instance-with-custom-machine-type'
const mostVCpus = 224
const mostMebibytes = 8 * 1024 * 1024

/** Of each vCPU of the two that types with a shared core have. */
const sharedCores: Readonly<Record<string, number>> = { micro: 0.125, small: 0.25, medium: 0.5 }

/** A type whose name says what it has: `n2-custom-8-16384`, `custom-4-8192` of N1, and `e2-custom-small-2048` with a shared core. */
export function customType(name: string): InstanceType | undefined {
  const [, series = 'n1', size = '', mebibytes] =
    /^(?:(e2|g2|n1|n2|n2d|n4|n4a|n4d)-)?custom-(\d{1,3}|micro|small|medium)-(\d{3,7})(?:-ext)?$/.exec(name) ??
    []
  const memory = Number(mebibytes)
  const baseline = Object.hasOwn(sharedCores, size) ? sharedCores[size] : undefined
  if (baseline !== undefined && series !== 'e2') return undefined
  const count = baseline === undefined ? Number(size) : 2
  const isRound = memory % 256 === 0 && memory <= mostMebibytes
  if (!isRound || count < 1 || count > mostVCpus) return undefined
  return family('gcp', source, '2026-11-28', [
    [name, count, memory / 1024, baseline === undefined ? {} : { baseline }],
  ])[0]
}
