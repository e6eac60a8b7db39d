import { family } from '../family.ts'

export const c6 = family('tencent', 'https://www.tencentcloud.com/document/product/213/11518', '2026-11-28', [
  ['C6.LARGE8', 4, 8],
  ['C6.LARGE16', 4, 16],
  ['C6.2XLARGE16', 8, 16],
  ['C6.2XLARGE32', 8, 32],
  ['C6.4XLARGE32', 16, 32],
  ['C6.4XLARGE64', 16, 64],
  ['C6.8XLARGE128', 32, 128],
  ['C6.23MEDIUM216', 46, 216],
  ['C6.16XLARGE256', 64, 256],
  ['C6.20XLARGE320', 80, 320],
  ['C6.23XLARGE432', 92, 432],
])
