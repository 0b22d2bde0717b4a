import { describe, expect, it } from 'vitest'
import { connected, message, settledAfter, textSignals } from './support/bench.ts'

const [SE, SB, WILL, WONT, DO, DONT, IAC] = [240, 250, 251, 252, 253, 254, 255] as const

describe('the opening', () => {
  it('asks for everything at once, one verb for each option, with compression last', async () => {
    const connection = await connected({ mssp: () => ({ NAME: 'x' }) })
    expect(connection.sent()).toEqual([
      'DO 24',
      'DO 31',
      'DO 39',
      'WILL 42',
      'WILL 25',
      'WILL 201',
      'WILL 70',
      'WILL 87',
      'WILL 86',
    ])
  })

  it('delays no banner, and settles by itself for a client that says nothing', async () => {
    const connection = await connected()
    connection.sent()
    connection.socket.write('Welcome!\r\n')
    connection.clock.run()
    expect(connection.sent()).toEqual(['Welcome!\r\n'])
    expect(connection.heard).toEqual([])
    expect(settledAfter(connection)).toMatchObject({ settled: true, colours: 'none', size: undefined })
  })

  it('begins before somebody owns the connection; what is typed waits', async () => {
    const connection = await connected({
      early: ['hello\r\n', IAC, WILL, 31, IAC, SB, 31, 0, 100, 0, 40, IAC, SE, 'more\r\n'],
    })
    expect(connection.heard).toEqual(['hello', ['windowSize', { columns: 100, rows: 40 }], 'more'])
  })

  it('looks at no more than 4 KiB before somebody owns the connection', async () => {
    const connection = await connected({
      early: [IAC, SB, 99, 'x'.repeat(4_050), IAC, SE, IAC, DO, 25, IAC, WILL, 31, 'done\r\n', IAC, DO, 6],
    })
    expect(connection.heard).toEqual(['done'])
    expect(connection.sent().at(-1)).toBe('WILL 6')
  })

  it('refuses what it does not speak, and is silent about refusals', async () => {
    const connection = await connected()
    connection.sent()
    connection.say(IAC, WILL, 200, IAC, DO, 93, IAC, WONT, 93, IAC, DONT, 200, IAC, DO, 1, IAC, WILL, 0)
    expect(connection.sent()).toEqual(['DONT 200', 'WONT 93', 'WONT 1', 'DONT 0'])
  })

  it('answers a change, and what is no change not at all', async () => {
    const connection = await connected()
    connection.sent()
    connection.say(IAC, DO, 25, IAC, DO, 25, IAC, WILL, 31, IAC, WILL, 31, IAC, DONT, 25, IAC, DONT, 25)
    expect(connection.sent()).toEqual(['WONT 25'])
  })

  it('stops answering a storm, and ends it when it goes on', async () => {
    const connection = await connected()
    connection.sent()
    connection.say(...Array.from({ length: 300 }, () => [IAC, WILL, 99]).flat())
    expect(connection.sent()).toHaveLength(200)
    connection.say(...Array.from({ length: 800 }, () => [IAC, WILL, 99]).flat())
    expect(connection.heard).toEqual([['close', 'negotiation-storm']])
  })
})

describe('who asks and never reads', () => {
  it('is not answered without end', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 3, IAC, DO, 201)
    connection.peer.stall()
    connection.say(...message('Core.Hello {}'))
    for (let round = 0; round < 300; round += 1) {
      connection.say('typed '.repeat(200), ...message('Core.Ping'), IAC, 246)
      if (round % 5 === 0) connection.say('\r\n')
    }
    connection.peer.unstall()
    connection.clock.run()
    expect(connection.peer.bytes.length).toBeLessThan(80_000)
    expect(connection.socket.state).toBe('open')
  })

  it('may send many messages that the owner reads', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 201)
    for (let count = 0; count < 1_500; count += 1) connection.say(...message('Char.Move "n"'))
    expect(connection.heard).toHaveLength(1_500)
  })
})

describe('the rest', () => {
  it('answers and measures with TIMING-MARK', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 6, IAC, DO, 6)
    expect(connection.sent().slice(-2)).toEqual(['WILL 6', 'WILL 6'])
    expect(connection.socket.signal('roundTrip', undefined)).toBe(true)
    connection.clock.advance(40)
    connection.say(IAC, WONT, 6, IAC, WONT, 6)
    expect(connection.heard).toEqual([['roundTrip', 40]])
  })

  it('keeps a silent connection alive with NOP, unless that is unwanted', async () => {
    const connection = await connected({ keepAliveMs: 1_000 })
    connection.clock.advance(1_500)
    connection.sent()
    connection.clock.advance(1_000)
    expect(connection.sent()).toEqual(['NOP'])
    connection.socket.signal('keepAlive', false)
    connection.clock.advance(10_000)
    expect(connection.sent()).toEqual([])
  })

  it('answers AYT, rings, and refuses signals that it does not have', async () => {
    const connection = await connected({ promptMarks: false })
    connection.sent()
    connection.say(IAC, 246)
    connection.socket.signal('bell', undefined)
    expect(connection.socket.signal('windowSize', { columns: 80, rows: 24 })).toBe(false)
    connection.clock.run()
    expect(connection.sent()).toEqual(['[Yes]\r\n\u0007'])
  })

  it('swallows what it does not know and what is too long, and drops what is broken off', async () => {
    const connection = await connected()
    connection.sent()
    connection.say('a', IAC, SB, 99, 'nuttx\r\n', IAC, SE, 'b')
    connection.say(IAC, SB, 201, ...Array.from({ length: 9_000 }, () => [IAC, IAC]).flat(), IAC, SE, 'c')
    connection.say(IAC, SB, 31, 0, 80, IAC, DO, 25, 'd\r\n')
    expect(connection.heard).toEqual(['abcd'])
    expect(connection.sent()).toEqual([])
    await expect(connected({ keepAliveMs: -1 })).rejects.toThrow(TypeError)
  })

  it('loses nothing to a Synch, whose DM is urgent and never comes (PuTTY)', async () => {
    const connection = await connected()
    connection.say('lo', IAC)
    connection.say('ok\r', IAC, '\nwho', IAC, '\r\n')
    expect(textSignals(connection)).toEqual(['look', 'who'])
  })

  it('takes a NUL for nothing: ncat sends two after each GA', async () => {
    const connection = await connected()
    connection.say(0, 0, 'a', 0, 'da\r', 0, 0, 'look\r\n', 0)
    expect(connection.heard.filter((item) => typeof item === 'string')).toEqual(['ada', 'look'])
  })

  it('has the line ends of RFC 854', async () => {
    const connection = await connected({ promptMarks: false })
    const before = connection.peer.bytes.length
    const { socket, clock } = connection
    for (const part of ['a\n', 'b\r', '\n', 'c\r', 'd\r\ne\r', new Uint8Array([102, 13, 10, 13, 255, 10])]) {
      socket.write(part)
      clock.run()
    }
    socket.write(connection.socket.state)
    clock.run()
    expect(Buffer.from(connection.peer.bytes.subarray(before)).toString('latin1')).toBe(
      'a\r\nb\r\nc\r\0d\r\ne\r\0f\r\n\r\0\xff\xff\nopen',
    )
    connection.say('1\r\n2\r', 0, '3\n4\r5\r\n')
    expect(connection.heard).toEqual(['1', '2', '3', '4', '5'])
  })
})
