import { family } from '../family.ts'

/** They have 40 % of each vCPU at any time, and all of it for most of a day. No credits are counted. */
export const c7iFlex = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c7i-flex.large', 2, 4, { baseline: 0.4 }],
    ['c7i-flex.xlarge', 4, 8, { baseline: 0.4 }],
    ['c7i-flex.2xlarge', 8, 16, { baseline: 0.4 }],
    ['c7i-flex.4xlarge', 16, 32, { baseline: 0.4 }],
    ['c7i-flex.8xlarge', 32, 64, { baseline: 0.4 }],
    ['c7i-flex.12xlarge', 48, 96, { baseline: 0.4 }],
    ['c7i-flex.16xlarge', 64, 128, { baseline: 0.4 }],
  ],
)

export const m7iFlex = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html',
  '2026-11-28',
  [
    ['m7i-flex.large', 2, 8, { baseline: 0.4 }],
    ['m7i-flex.xlarge', 4, 16, { baseline: 0.4 }],
    ['m7i-flex.2xlarge', 8, 32, { baseline: 0.4 }],
    ['m7i-flex.4xlarge', 16, 64, { baseline: 0.4 }],
    ['m7i-flex.8xlarge', 32, 128, { baseline: 0.4 }],
    ['m7i-flex.12xlarge', 48, 192, { baseline: 0.4 }],
    ['m7i-flex.16xlarge', 64, 256, { baseline: 0.4 }],
  ],
)
