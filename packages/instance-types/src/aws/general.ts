import { family } from '../family.ts'

export const m5 = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html',
  '2026-11-28',
  [
    ['m5.large', 2, 8, { gbps: [0.75, 10] }],
    ['m5.xlarge', 4, 16, { gbps: [1.25, 10] }],
    ['m5.2xlarge', 8, 32, { gbps: [2.5, 10] }],
    ['m5.4xlarge', 16, 64, { gbps: [5, 10] }],
    ['m5.8xlarge', 32, 128, { gbps: 10 }],
    ['m5.12xlarge', 48, 192, { gbps: 12 }],
    ['m5.16xlarge', 64, 256, { gbps: 20 }],
    ['m5.24xlarge', 96, 384, { gbps: 25 }],
    ['m5.metal', 96, 384, { gbps: 25 }],
  ],
)

export const m6i = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html',
  '2026-11-28',
  [
    ['m6i.large', 2, 8, { gbps: [0.781, 12.5] }],
    ['m6i.xlarge', 4, 16, { gbps: [1.562, 12.5] }],
    ['m6i.2xlarge', 8, 32, { gbps: [3.125, 12.5] }],
    ['m6i.4xlarge', 16, 64, { gbps: [6.25, 12.5] }],
    ['m6i.8xlarge', 32, 128, { gbps: 12.5 }],
    ['m6i.12xlarge', 48, 192, { gbps: 18.75 }],
    ['m6i.16xlarge', 64, 256, { gbps: 25 }],
    ['m6i.24xlarge', 96, 384, { gbps: 37.5 }],
    ['m6i.32xlarge', 128, 512, { gbps: 50 }],
    ['m6i.metal', 128, 512, { gbps: 50 }],
  ],
)

export const m6a = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html',
  '2026-11-28',
  [
    ['m6a.large', 2, 8, { gbps: [0.781, 12.5] }],
    ['m6a.xlarge', 4, 16, { gbps: [1.562, 12.5] }],
    ['m6a.2xlarge', 8, 32, { gbps: [3.125, 12.5] }],
    ['m6a.4xlarge', 16, 64, { gbps: [6.25, 12.5] }],
    ['m6a.8xlarge', 32, 128, { gbps: 12.5 }],
    ['m6a.12xlarge', 48, 192, { gbps: 18.75 }],
    ['m6a.16xlarge', 64, 256, { gbps: 25 }],
    ['m6a.24xlarge', 96, 384, { gbps: 37.5 }],
    ['m6a.32xlarge', 128, 512, { gbps: 50 }],
    ['m6a.48xlarge', 192, 768, { gbps: 50 }],
    ['m6a.metal', 192, 768, { gbps: 50 }],
  ],
)

export const m6g = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html',
  '2026-11-28',
  [
    ['m6g.medium', 1, 4, { gbps: [0.5, 10] }],
    ['m6g.large', 2, 8, { gbps: [0.75, 10] }],
    ['m6g.xlarge', 4, 16, { gbps: [1.25, 10] }],
    ['m6g.2xlarge', 8, 32, { gbps: [2.5, 10] }],
    ['m6g.4xlarge', 16, 64, { gbps: [5, 10] }],
    ['m6g.8xlarge', 32, 128, { gbps: 12 }],
    ['m6g.12xlarge', 48, 192, { gbps: 20 }],
    ['m6g.16xlarge', 64, 256, { gbps: 25 }],
    ['m6g.metal', 64, 256, { gbps: 25 }],
  ],
)

export const m7i = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html',
  '2026-11-28',
  [
    ['m7i.large', 2, 8],
    ['m7i.xlarge', 4, 16],
    ['m7i.2xlarge', 8, 32],
    ['m7i.4xlarge', 16, 64],
    ['m7i.8xlarge', 32, 128, { gbps: 12.5 }],
    ['m7i.12xlarge', 48, 192, { gbps: 18.75 }],
    ['m7i.16xlarge', 64, 256, { gbps: 25 }],
    ['m7i.24xlarge', 96, 384, { gbps: 37.5 }],
    ['m7i.48xlarge', 192, 768, { gbps: 50 }],
    ['m7i.metal-24xl', 96, 384, { gbps: 37.5 }],
    ['m7i.metal-48xl', 192, 768, { gbps: 50 }],
  ],
)

export const m7g = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html',
  '2026-11-28',
  [
    ['m7g.medium', 1, 4, { gbps: [0.52, 12.5] }],
    ['m7g.large', 2, 8, { gbps: [0.937, 12.5] }],
    ['m7g.xlarge', 4, 16, { gbps: [1.876, 12.5] }],
    ['m7g.2xlarge', 8, 32, { gbps: [3.75, 15] }],
    ['m7g.4xlarge', 16, 64, { gbps: [7.5, 15] }],
    ['m7g.8xlarge', 32, 128, { gbps: 15 }],
    ['m7g.12xlarge', 48, 192, { gbps: 22.5 }],
    ['m7g.16xlarge', 64, 256, { gbps: 30 }],
    ['m7g.metal', 64, 256, { gbps: 30 }],
  ],
)

export const m4 = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html',
  '2026-11-28',
  [
    ['m4.large', 2, 8],
    ['m4.xlarge', 4, 16],
    ['m4.2xlarge', 8, 32],
    ['m4.4xlarge', 16, 64],
    ['m4.10xlarge', 40, 160],
    ['m4.16xlarge', 64, 256],
  ],
)

export const m5a = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html',
  '2026-11-28',
  [
    ['m5a.large', 2, 8],
    ['m5a.xlarge', 4, 16],
    ['m5a.2xlarge', 8, 32],
    ['m5a.4xlarge', 16, 64],
    ['m5a.8xlarge', 32, 128],
    ['m5a.12xlarge', 48, 192],
    ['m5a.16xlarge', 64, 256],
    ['m5a.24xlarge', 96, 384],
  ],
)

export const m7a = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html',
  '2026-11-28',
  [
    ['m7a.medium', 1, 4],
    ['m7a.large', 2, 8],
    ['m7a.xlarge', 4, 16],
    ['m7a.2xlarge', 8, 32],
    ['m7a.4xlarge', 16, 64],
    ['m7a.8xlarge', 32, 128],
    ['m7a.12xlarge', 48, 192],
    ['m7a.16xlarge', 64, 256],
    ['m7a.24xlarge', 96, 384],
    ['m7a.32xlarge', 128, 512],
    ['m7a.48xlarge', 192, 768],
    ['m7a.metal-48xl', 192, 768],
  ],
)
