import { describe, expect, it } from 'vitest'
import {
  formatLpcValue,
  LpcFloat,
  LpcLimitError,
  type LpcValue,
  parseLpcValue,
} from '../src/lpc-value/index.ts'
import { frameMudPacket, MudFrames, mudPacketText } from '../src/mud-framing.ts'

/** Values, and the packets that FluffOS sent for them (scenario `mud_write_values`). */
const RECORDED: readonly (readonly [value: LpcValue, packet: string])[] = [
  [0, '000000023000'],
  [42, '00000003343200'],
  [-7, '000000032d3700'],
  [9223372036854775807n, '000000143932323333373230333638353437373538303700'],
  [-9223372036854775808n, '000000152d3932323333373230333638353437373538303800'],
  [1.5, '00000009312e35303030303000'],
  [-0.25, '0000000a2d302e32353030303000'],
  [
    new LpcFloat(1e100),
    '0000006d31303030303030303030303030303030303135393032383931313039373539393138303436383336303830383536333934353238313338393738313332373535373734373833383737323137303338313036303831333436393938353835363831353130342e30303030303000',
  ],
  ['hi', '000000052268692200'],
  ['q"uote', '0000000a22715c22756f74652200'],
  ['back\\slash', '0000000e226261636b5c5c736c6173682200'],
  ['two\nlines', '0000000c2274776f0d6c696e65732200'],
  ['tab\t', '0000000722746162092200'],
  ['é€', '0000000822c3a9e282ac2200'],
  ['', '00000003222200'],
  [[], '00000005287b7d2900'],
  [[1, [2, ['three']], -4], '0000001e287b312c287b322c287b227468726565222c7d292c7d292c2d342c7d2900'],
  [new Map(), '00000005285b5d2900'],
  [new Map([['a', 1]]), '0000000b285b2261223a312c5d2900'],
  [
    new Map([['k', [1, new Map([['n', 'x']])]]]),
    '0000001d285b226b223a287b312c285b226e223a2278222c5d292c7d292c5d2900',
  ],
  [
    new Map<LpcValue, LpcValue>([
      ['s', 1.5],
      [1, 2],
    ]),
    '00000016285b2273223a312e3530303030302c313a322c5d2900',
  ],
  [[0, '', new LpcFloat(1)], '00000013287b302c22222c312e3030303030302c7d2900'],
  [nested(20), `0000006b${'287b'.repeat(21)}31${'2c7d29'.repeat(21)}00`],
  [nested(24), `0000007f${'287b'.repeat(25)}31${'2c7d29'.repeat(25)}00`],
  [nested(25), `00000084${'287b'.repeat(26)}31${'2c7d29'.repeat(26)}00`],
]

/** What is not LPC's, and what FluffOS sent for it. */
const RECORDED_AS_LESS: readonly (readonly [
  what: string,
  value: unknown,
  packet: string,
  arrives: LpcValue,
])[] = [
  ['undefined', undefined, '000000023000', 0],
  ['a function', () => 1, '0000000100', 0],
  ['bytes', Uint8Array.of(1, 2), '0000000100', 0],
  ['a buffer', new ArrayBuffer(2), '0000000100', 0],
  ['an array with an object', [1, new (class Town {})(), 2], '0000000a287b312c2c322c7d2900', [1, 0, 2]],
  ['an array with a function', [1, () => 1, 2], '0000000a287b312c2c322c7d2900', [1, 0, 2]],
  ['an array with bytes', [1, Uint8Array.of(1), 2], '0000000a287b312c2c322c7d2900', [1, 0, 2]],
]

describe('the recorded packets', () => {
  it.each(RECORDED)('are written and read as FluffOS did (%#)', (value, packet) => {
    expect(hex(frameMudPacket(formatLpcValue(value)))).toBe(packet)
    expect(received(packet)).toEqual([value])
  })

  it.each(RECORDED_AS_LESS)('%s is written as FluffOS did', (_, value, packet, arrives) => {
    expect(hex(frameMudPacket(formatLpcValue(value)))).toBe(packet)
    expect(received(packet)).toEqual([arrives])
  })

  it('go as deep as FluffOS does, and no deeper', () => {
    expect(frameMudPacket(formatLpcValue(nested(98))).byteLength).toBe(501)
    expect(frameMudPacket(formatLpcValue(nested(99))).byteLength).toBe(506)
    expect(() => formatLpcValue(nested(100))).toThrow(LpcLimitError)
  })

  it('that were sent to FluffOS without their NUL are read', () => {
    expect(received('0000000131000000013200000003227822')).toEqual([1, 2, 'x'])
    expect(received('00000007226865')).toEqual([])
    expect(received('000000072268656c6c6f22')).toEqual(['hello'])
  })

  it.each([
    ['an empty packet', '00000000'],
    ['HTTP', '474554202f20485454502f312e310d0a0d0a'],
  ])('end with %s', (_, bytes) => {
    expect(new MudFrames().feed(Buffer.from(bytes, 'hex'))).toMatchObject([{ kind: 'violation' }])
  })
})

/** What the recordings call `deep N`: N arrays around `({1})`. */
function nested(depth: number): LpcValue {
  let value: LpcValue = [1]
  for (let i = 0; i < depth; i += 1) value = [value]
  return value
}

function received(packets: string): unknown[] {
  return new MudFrames().feed(Buffer.from(packets, 'hex')).map((frame) => {
    const result = parseLpcValue(frame.kind === 'packet' ? (mudPacketText(frame.packet) ?? '(') : '(')
    return result.ok ? result.value : undefined
  })
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
