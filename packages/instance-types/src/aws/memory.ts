import { family } from '../family.ts'

export const r5 = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/mo.html',
  '2026-11-28',
  [
    ['r5.large', 2, 16, { gbps: [0.75, 10] }],
    ['r5.xlarge', 4, 32, { gbps: [1.25, 10] }],
    ['r5.2xlarge', 8, 64, { gbps: [2.5, 10] }],
    ['r5.4xlarge', 16, 128, { gbps: [5, 10] }],
    ['r5.8xlarge', 32, 256, { gbps: 10 }],
    ['r5.12xlarge', 48, 384, { gbps: 12 }],
    ['r5.16xlarge', 64, 512, { gbps: 20 }],
    ['r5.24xlarge', 96, 768, { gbps: 25 }],
    ['r5.metal', 96, 768, { gbps: 25 }],
  ],
)

export const r6i = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/mo.html',
  '2026-11-28',
  [
    ['r6i.large', 2, 16, { gbps: [0.781, 12.5] }],
    ['r6i.xlarge', 4, 32, { gbps: [1.562, 12.5] }],
    ['r6i.2xlarge', 8, 64, { gbps: [3.125, 12.5] }],
    ['r6i.4xlarge', 16, 128, { gbps: [6.25, 12.5] }],
    ['r6i.8xlarge', 32, 256, { gbps: 12.5 }],
    ['r6i.12xlarge', 48, 384, { gbps: 18.75 }],
    ['r6i.16xlarge', 64, 512, { gbps: 25 }],
    ['r6i.24xlarge', 96, 768, { gbps: 37.5 }],
    ['r6i.32xlarge', 128, 1024, { gbps: 50 }],
    ['r6i.metal', 128, 1024, { gbps: 50 }],
  ],
)

export const r6g = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/mo.html',
  '2026-11-28',
  [
    ['r6g.medium', 1, 8, { gbps: [0.5, 10] }],
    ['r6g.large', 2, 16, { gbps: [0.75, 10] }],
    ['r6g.xlarge', 4, 32, { gbps: [1.25, 10] }],
    ['r6g.2xlarge', 8, 64, { gbps: [2.5, 10] }],
    ['r6g.4xlarge', 16, 128, { gbps: [5, 10] }],
    ['r6g.8xlarge', 32, 256, { gbps: 12 }],
    ['r6g.12xlarge', 48, 384, { gbps: 20 }],
    ['r6g.16xlarge', 64, 512, { gbps: 25 }],
    ['r6g.metal', 64, 512, { gbps: 25 }],
  ],
)

export const r7i = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/mo.html',
  '2026-11-28',
  [
    ['r7i.large', 2, 16],
    ['r7i.xlarge', 4, 32],
    ['r7i.2xlarge', 8, 64],
    ['r7i.4xlarge', 16, 128],
    ['r7i.8xlarge', 32, 256],
    ['r7i.12xlarge', 48, 384],
    ['r7i.16xlarge', 64, 512],
    ['r7i.24xlarge', 96, 768],
    ['r7i.48xlarge', 192, 1536],
    ['r7i.metal-24xl', 96, 768],
    ['r7i.metal-48xl', 192, 1536],
  ],
)

export const r7g = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/mo.html',
  '2026-11-28',
  [
    ['r7g.medium', 1, 8, { gbps: [0.52, 12.5] }],
    ['r7g.large', 2, 16, { gbps: [0.937, 12.5] }],
    ['r7g.xlarge', 4, 32, { gbps: [1.876, 12.5] }],
    ['r7g.2xlarge', 8, 64, { gbps: [3.75, 15] }],
    ['r7g.4xlarge', 16, 128, { gbps: [7.5, 15] }],
    ['r7g.8xlarge', 32, 256, { gbps: 15 }],
    ['r7g.12xlarge', 48, 384, { gbps: 22.5 }],
    ['r7g.16xlarge', 64, 512, { gbps: 30 }],
    ['r7g.metal', 64, 512, { gbps: 30 }],
  ],
)

export const r6a = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/mo.html',
  '2026-11-28',
  [
    ['r6a.large', 2, 16],
    ['r6a.xlarge', 4, 32],
    ['r6a.2xlarge', 8, 64],
    ['r6a.4xlarge', 16, 128],
    ['r6a.8xlarge', 32, 256],
    ['r6a.12xlarge', 48, 384],
    ['r6a.16xlarge', 64, 512],
    ['r6a.24xlarge', 96, 768],
    ['r6a.32xlarge', 128, 1024],
    ['r6a.48xlarge', 192, 1536],
    ['r6a.metal', 192, 1536],
  ],
)

export const r7a = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/mo.html',
  '2026-11-28',
  [
    ['r7a.medium', 1, 8],
    ['r7a.large', 2, 16],
    ['r7a.xlarge', 4, 32],
    ['r7a.2xlarge', 8, 64],
    ['r7a.4xlarge', 16, 128],
    ['r7a.8xlarge', 32, 256],
    ['r7a.12xlarge', 48, 384],
    ['r7a.16xlarge', 64, 512],
    ['r7a.24xlarge', 96, 768],
    ['r7a.32xlarge', 128, 1024],
    ['r7a.48xlarge', 192, 1536],
    ['r7a.metal-48xl', 192, 1536],
  ],
)
