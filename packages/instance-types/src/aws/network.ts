import { family } from '../family.ts'

export const c5n = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c5n.large', 2, 5.25],
    ['c5n.xlarge', 4, 10.5],
    ['c5n.2xlarge', 8, 21],
    ['c5n.4xlarge', 16, 42],
    ['c5n.9xlarge', 36, 96],
    ['c5n.18xlarge', 72, 192],
    ['c5n.metal', 72, 192],
  ],
)

export const c6in = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c6in.large', 2, 4],
    ['c6in.xlarge', 4, 8],
    ['c6in.2xlarge', 8, 16],
    ['c6in.4xlarge', 16, 32],
    ['c6in.8xlarge', 32, 64],
    ['c6in.12xlarge', 48, 96],
    ['c6in.16xlarge', 64, 128],
    ['c6in.24xlarge', 96, 192],
    ['c6in.32xlarge', 128, 256],
    ['c6in.metal', 128, 256],
  ],
)

export const c7gn = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c7gn.medium', 1, 2],
    ['c7gn.large', 2, 4],
    ['c7gn.xlarge', 4, 8],
    ['c7gn.2xlarge', 8, 16],
    ['c7gn.4xlarge', 16, 32],
    ['c7gn.8xlarge', 32, 64],
    ['c7gn.12xlarge', 48, 96],
    ['c7gn.16xlarge', 64, 128],
    ['c7gn.metal', 64, 128],
  ],
)

export const m6in = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html',
  '2026-11-28',
  [
    ['m6in.large', 2, 8],
    ['m6in.xlarge', 4, 16],
    ['m6in.2xlarge', 8, 32],
    ['m6in.4xlarge', 16, 64],
    ['m6in.8xlarge', 32, 128],
    ['m6in.12xlarge', 48, 192],
    ['m6in.16xlarge', 64, 256],
    ['m6in.24xlarge', 96, 384],
    ['m6in.32xlarge', 128, 512],
    ['m6in.metal', 128, 512],
  ],
)
