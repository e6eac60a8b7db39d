import { family } from '../family.ts'
import type { InstanceType } from '../instance-type.ts'

const source = 'https://cloud.google.com/compute/docs/instances/creating-instance-with-custom-machine-type'
const mostVCpus = 224
const mostMebibytes = 8 * 1024 * 1024

/** A type whose name says what it has: `n2-custom-8-16384`, and `custom-4-8192` of N1. */
export function customType(name: string): InstanceType | undefined {
  const [, vCpus, mebibytes] = /^(?:(?:e2|n1|n2|n2d)-)?custom-(\d{1,3})-(\d{3,7})(?:-ext)?$/.exec(name) ?? []
  if (vCpus === undefined || mebibytes === undefined) return undefined
  const [count, memory] = [Number(vCpus), Number(mebibytes)]
  if (count < 1 || count > mostVCpus || memory % 256 !== 0 || memory > mostMebibytes) return undefined
  return family('gcp', source, '2026-11-28', [[name, count, memory / 1024]])[0]
}
