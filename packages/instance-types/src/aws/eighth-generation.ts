import { family } from '../family.ts'

export const c8g = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c8g.medium', 1, 2],
    ['c8g.large', 2, 4],
    ['c8g.xlarge', 4, 8],
    ['c8g.2xlarge', 8, 16],
    ['c8g.4xlarge', 16, 32],
    ['c8g.8xlarge', 32, 64],
    ['c8g.12xlarge', 48, 96],
    ['c8g.16xlarge', 64, 128],
    ['c8g.24xlarge', 96, 192],
    ['c8g.48xlarge', 192, 384],
    ['c8g.metal-24xl', 96, 192],
    ['c8g.metal-48xl', 192, 384],
  ],
)

export const m8g = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html',
  '2026-11-28',
  [
    ['m8g.medium', 1, 4],
    ['m8g.large', 2, 8],
    ['m8g.xlarge', 4, 16],
    ['m8g.2xlarge', 8, 32],
    ['m8g.4xlarge', 16, 64],
    ['m8g.8xlarge', 32, 128],
    ['m8g.12xlarge', 48, 192],
    ['m8g.16xlarge', 64, 256],
    ['m8g.24xlarge', 96, 384],
    ['m8g.48xlarge', 192, 768],
    ['m8g.metal-24xl', 96, 384],
    ['m8g.metal-48xl', 192, 768],
  ],
)

export const r8g = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/mo.html',
  '2026-11-28',
  [
    ['r8g.medium', 1, 8],
    ['r8g.large', 2, 16],
    ['r8g.xlarge', 4, 32],
    ['r8g.2xlarge', 8, 64],
    ['r8g.4xlarge', 16, 128],
    ['r8g.8xlarge', 32, 256],
    ['r8g.12xlarge', 48, 384],
    ['r8g.16xlarge', 64, 512],
    ['r8g.24xlarge', 96, 768],
    ['r8g.48xlarge', 192, 1536],
    ['r8g.metal-24xl', 96, 768],
    ['r8g.metal-48xl', 192, 1536],
  ],
)
