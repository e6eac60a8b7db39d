import { family } from '../family.ts'

export const c5 = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c5.large', 2, 4, { gbps: [0.75, 10] }],
    ['c5.xlarge', 4, 8, { gbps: [1.25, 10] }],
    ['c5.2xlarge', 8, 16, { gbps: [2.5, 10] }],
    ['c5.4xlarge', 16, 32, { gbps: [5, 10] }],
    ['c5.9xlarge', 36, 72, { gbps: 12 }],
    ['c5.12xlarge', 48, 96, { gbps: 12 }],
    ['c5.18xlarge', 72, 144, { gbps: 25 }],
    ['c5.24xlarge', 96, 192, { gbps: 25 }],
    ['c5.metal', 96, 192, { gbps: 25 }],
  ],
)

export const c6i = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c6i.large', 2, 4, { gbps: [0.781, 12.5] }],
    ['c6i.xlarge', 4, 8, { gbps: [1.562, 12.5] }],
    ['c6i.2xlarge', 8, 16, { gbps: [3.125, 12.5] }],
    ['c6i.4xlarge', 16, 32, { gbps: [6.25, 12.5] }],
    ['c6i.8xlarge', 32, 64, { gbps: 12.5 }],
    ['c6i.12xlarge', 48, 96, { gbps: 18.75 }],
    ['c6i.16xlarge', 64, 128, { gbps: 25 }],
    ['c6i.24xlarge', 96, 192, { gbps: 37.5 }],
    ['c6i.32xlarge', 128, 256, { gbps: 50 }],
    ['c6i.metal', 128, 256, { gbps: 50 }],
  ],
)

export const c6a = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c6a.large', 2, 4, { gbps: [0.781, 12.5] }],
    ['c6a.xlarge', 4, 8, { gbps: [1.562, 12.5] }],
    ['c6a.2xlarge', 8, 16, { gbps: [3.125, 12.5] }],
    ['c6a.4xlarge', 16, 32, { gbps: [6.25, 12.5] }],
    ['c6a.8xlarge', 32, 64, { gbps: 12.5 }],
    ['c6a.12xlarge', 48, 96, { gbps: 18.75 }],
    ['c6a.16xlarge', 64, 128, { gbps: 25 }],
    ['c6a.24xlarge', 96, 192, { gbps: 37.5 }],
    ['c6a.32xlarge', 128, 256, { gbps: 50 }],
    ['c6a.48xlarge', 192, 384, { gbps: 50 }],
    ['c6a.metal', 192, 384, { gbps: 50 }],
  ],
)

export const c6g = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c6g.medium', 1, 2, { gbps: [0.5, 10] }],
    ['c6g.large', 2, 4, { gbps: [0.75, 10] }],
    ['c6g.xlarge', 4, 8, { gbps: [1.25, 10] }],
    ['c6g.2xlarge', 8, 16, { gbps: [2.5, 10] }],
    ['c6g.4xlarge', 16, 32, { gbps: [5, 10] }],
    ['c6g.8xlarge', 32, 64, { gbps: 12 }],
    ['c6g.12xlarge', 48, 96, { gbps: 20 }],
    ['c6g.16xlarge', 64, 128, { gbps: 25 }],
    ['c6g.metal', 64, 128, { gbps: 25 }],
  ],
)

export const c6gn = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c6gn.medium', 1, 2, { gbps: [1.6, 16] }],
    ['c6gn.large', 2, 4, { gbps: [3, 25] }],
    ['c6gn.xlarge', 4, 8, { gbps: [6.3, 25] }],
    ['c6gn.2xlarge', 8, 16, { gbps: [12.5, 25] }],
    ['c6gn.4xlarge', 16, 32, { gbps: [15, 25] }],
    ['c6gn.8xlarge', 32, 64, { gbps: 50 }],
    ['c6gn.12xlarge', 48, 96, { gbps: 75 }],
    ['c6gn.16xlarge', 64, 128, { gbps: 100 }],
  ],
)

export const c7i = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c7i.large', 2, 4],
    ['c7i.xlarge', 4, 8],
    ['c7i.2xlarge', 8, 16],
    ['c7i.4xlarge', 16, 32],
    ['c7i.8xlarge', 32, 64, { gbps: 12.5 }],
    ['c7i.12xlarge', 48, 96, { gbps: 18.75 }],
    ['c7i.16xlarge', 64, 128, { gbps: 25 }],
    ['c7i.24xlarge', 96, 192, { gbps: 37.5 }],
    ['c7i.48xlarge', 192, 384, { gbps: 50 }],
    ['c7i.metal-24xl', 96, 192, { gbps: 37.5 }],
    ['c7i.metal-48xl', 192, 384, { gbps: 50 }],
  ],
)

export const c7a = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c7a.medium', 1, 2],
    ['c7a.large', 2, 4],
    ['c7a.xlarge', 4, 8],
    ['c7a.2xlarge', 8, 16],
    ['c7a.4xlarge', 16, 32],
    ['c7a.8xlarge', 32, 64],
    ['c7a.12xlarge', 48, 96],
    ['c7a.16xlarge', 64, 128],
    ['c7a.24xlarge', 96, 192],
    ['c7a.32xlarge', 128, 256],
    ['c7a.48xlarge', 192, 384],
    ['c7a.metal-48xl', 192, 384],
  ],
)

export const c7g = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c7g.medium', 1, 2, { gbps: [0.52, 12.5] }],
    ['c7g.large', 2, 4, { gbps: [0.937, 12.5] }],
    ['c7g.xlarge', 4, 8, { gbps: [1.876, 12.5] }],
    ['c7g.2xlarge', 8, 16, { gbps: [3.75, 15] }],
    ['c7g.4xlarge', 16, 32, { gbps: [7.5, 15] }],
    ['c7g.8xlarge', 32, 64, { gbps: 15 }],
    ['c7g.12xlarge', 48, 96, { gbps: 22.5 }],
    ['c7g.16xlarge', 64, 128, { gbps: 30 }],
    ['c7g.metal', 64, 128, { gbps: 30 }],
  ],
)

export const c4 = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c4.large', 2, 3.75],
    ['c4.xlarge', 4, 7.5],
    ['c4.2xlarge', 8, 15],
    ['c4.4xlarge', 16, 30],
    ['c4.8xlarge', 36, 60],
  ],
)

export const c5a = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html',
  '2026-11-28',
  [
    ['c5a.large', 2, 4],
    ['c5a.xlarge', 4, 8],
    ['c5a.2xlarge', 8, 16],
    ['c5a.4xlarge', 16, 32],
    ['c5a.8xlarge', 32, 64],
    ['c5a.12xlarge', 48, 96],
    ['c5a.16xlarge', 64, 128],
    ['c5a.24xlarge', 96, 192],
  ],
)
