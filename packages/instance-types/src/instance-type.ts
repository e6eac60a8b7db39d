export type Provider = 'aws' | 'azure' | 'gcp' | 'aliyun' | 'tencent'

/** What is published about an instance type. */
export interface InstanceType {
  readonly provider: Provider
  /** As the provider writes it: `c7i.4xlarge`, `Standard_D4s_v5`. */
  readonly name: string
  readonly vCpus: number
  readonly memoryBytes: number
  /** Of types that run at a share of a CPU, and may exceed it for a while. */
  readonly burst?: {
    /** Of each vCPU, such as 0.2. */
    readonly baselineShare: number
    /** One credit is one vCPU for one minute. Absent where the provider does not count them so. */
    readonly creditsPerHour?: number
  }
  /** Published by the provider. `baseline` below `peak`: it may exceed the baseline for a while. */
  readonly networkGbps?: { readonly baseline?: number; readonly peak: number }
  /** The page of the provider on its series, and when the row was written: `2026-11-27`. */
  readonly source: string
  readonly date: string
}
