import { describe, expect, it } from 'vitest'
import {
  frameMudPacket,
  MUD_BODY_LIMIT,
  MudFrames,
  mudPacketLength,
  mudPacketText,
} from '../src/mud-framing.ts'
import { readFrame } from './support/frames.ts'

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const header = (length: number): Uint8Array => {
  const result = new Uint8Array(4)
  new DataView(result.buffer).setInt32(0, length)
  return result
}

describe('the length of a packet', () => {
  it('is known as soon as its header is there', () => {
    expect(mudPacketLength(bytes(''))).toBe('incomplete')
    expect(mudPacketLength(bytes('00 00 00'))).toBe('incomplete')
    expect(mudPacketLength(bytes('00 00 00 02'))).toBe(6)
    expect(mudPacketLength(bytes('00 00 00 02 31 00'))).toBe(6)
  })

  it('is read at an offset, in a view too', () => {
    const view = bytes('ff ff ff 00 00 00 02 31 00').subarray(2)
    expect(mudPacketLength(view, 1)).toBe(6)
    expect(mudPacketLength(view, 0)).toBe('violation')
    expect(mudPacketLength(view, 4)).toBe('incomplete')
  })

  it('is a violation when it is 0, negative, or over the limit', () => {
    expect(mudPacketLength(header(0))).toBe('violation')
    expect(mudPacketLength(header(-1))).toBe('violation')
    expect(mudPacketLength(header(-(2 ** 31)))).toBe('violation')
    expect(mudPacketLength(header(-1), 0, 2 ** 32)).toBe('violation')
    expect(mudPacketLength(header(MUD_BODY_LIMIT))).toBe(4 + MUD_BODY_LIMIT)
    expect(mudPacketLength(header(MUD_BODY_LIMIT + 1))).toBe('violation')
    expect(mudPacketLength(header(5), 0, 5)).toBe(9)
    expect(mudPacketLength(header(6), 0, 5)).toBe('violation')
  })
})

describe('the text of a packet', () => {
  it('is what stands before one NUL, or all of it', () => {
    expect(mudPacketText(bytes('00 00 00 02 31 00'))).toBe('1')
    expect(mudPacketText(bytes('00 00 00 01 31'))).toBe('1')
    expect(mudPacketText(bytes('00 00 00 01 00'))).toBe('')
    expect(mudPacketText(bytes('00 00 00 03 31 00 00'))).toBe('1\0')
  })

  it('keeps a byte order mark, and is undefined for what is not UTF-8', () => {
    expect(mudPacketText(bytes('00 00 00 03 ef bb bf'))).toBe('\uFEFF')
    expect(mudPacketText(bytes('00 00 00 03 22 ff 22'))).toBeUndefined()
    expect(mudPacketText(bytes('00 00 00 02 e2 82'))).toBeUndefined()
  })
})

describe('MudFrames', () => {
  it('holds the bytes of one unfinished packet, and nothing when there is none', () => {
    const frames = new MudFrames()
    expect(frames.feed(bytes('00 00 00 01 31 00 00 00 03 22')).map(readFrame)).toEqual([
      { kind: 'packet', text: '1' },
    ])
    expect(frames.held).toEqual(new Uint8Array(bytes('00 00 00 03 22')))
    expect(frames.feed(bytes('78 22')).map(readFrame)).toEqual([{ kind: 'packet', text: '"x"' }])
    expect(frames.held.byteLength).toBe(0)
  })

  it('keeps its own copy of what it holds', () => {
    const frames = new MudFrames()
    const chunk = bytes('00 00 00 01')
    frames.feed(chunk)
    chunk.fill(0)
    expect(frames.feed(bytes('31')).map(readFrame)).toEqual([{ kind: 'packet', text: '1' }])
  })

  it('takes no memory for what a header only promises', () => {
    const frames = new MudFrames(2 ** 31 - 1)
    frames.feed(header(2 ** 31 - 1))
    expect(frames.held.buffer.byteLength).toBeLessThan(1024)
  })

  it('delivers what came before a violation, and nothing after it', () => {
    const frames = new MudFrames()
    expect(frames.feed(bytes('00 00 00 01 31 00 00 00 00 00 00 00 01 32')).map(readFrame)).toEqual([
      { kind: 'packet', text: '1' },
      { kind: 'violation' },
    ])
    expect(frames.held.byteLength).toBe(0)
    expect(frames.feed(bytes('00 00 00 01 33')).map(readFrame)).toEqual([])
    expect(frames.held.byteLength).toBe(0)
  })

  it('says how many bytes had come behind a header that is a violation', () => {
    expect(new MudFrames().feed(bytes('00 00 00 00'))).toEqual([{ kind: 'violation', unread: 0 }])
    const frames = new MudFrames()
    frames.feed(bytes('00 00'))
    expect(frames.feed(bytes('00 00 31 32'))).toEqual([{ kind: 'violation', unread: 2 }])
  })

  it('reads the longest packet byte by byte', () => {
    const frames = new MudFrames()
    const packet = frameMudPacket('x'.repeat(MUD_BODY_LIMIT - 1))
    const early = [...packet.subarray(0, -1)].flatMap((byte) => frames.feed(Uint8Array.of(byte)))
    expect(early).toEqual([])
    expect(frames.feed(Uint8Array.of(0)).map(readFrame)).toEqual([
      { kind: 'packet', text: 'x'.repeat(MUD_BODY_LIMIT - 1) },
    ])
  })
})
