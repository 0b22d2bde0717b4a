import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dialTcp, dialUnix } from '@mudwire/test-support/raw-socket'
import { describe, expect, it, onTestFinished } from 'vitest'
import { tcp, unix } from '../src/index.ts'
import { listenOver, until } from './support/listen.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mudwire-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

describe('a unix socket', () => {
  it('is its owner’s alone, unless it is told otherwise', async () => {
    const place = folder()
    const [own, group] = [join(place, 'own.sock'), join(place, 'group.sock')]
    const before = process.umask()
    await listenOver(unix({ path: own }))
    await listenOver(unix({ path: group, mode: 0o660 }))
    expect(statSync(own).mode & 0o777).toBe(0o600)
    expect(statSync(group).mode & 0o777).toBe(0o660)
    expect(process.umask()).toBe(before)
  })

  it('says where it is, and removes its file when it closes', async () => {
    const path = join(folder(), 'own.sock')
    const scene = await listenOver(unix({ path }))
    expect(scene.address).toEqual({ family: 'unix', address: path })
    const peer = await dialUnix(scene.address)
    peer.send('hello\r\n')
    await until(() => scene.lines.length === 1)
    expect(scene.sockets[0]?.remote).toEqual({ family: 'unix', address: '' })
    peer.reset()
    scene.listener.close()
    await until(() => scene.listener.state === 'closed')
    expect(existsSync(path)).toBe(false)
  })

  it('replaces a file that is left over, and none on which somebody listens', async () => {
    const path = join(folder(), 'stale.sock')
    const left = createServer().listen(path)
    await new Promise((resolve) => left.once('listening', resolve))
    const taken = unix({ path }).listen({} as never, {})
    await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' })
    // A process that is killed leaves its file behind; here it is made again when the server has gone.
    await new Promise((resolve) => left.close(resolve))
    const dead = createServer().listen(path)
    await new Promise((resolve) => dead.once('listening', resolve))
    const { spawnSync } = await import('node:child_process')
    await new Promise((resolve) => dead.close(resolve))
    spawnSync(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ])
    expect(statSync(path).isSocket()).toBe(true)
    const scene = await listenOver(unix({ path }))
    const peer = await dialUnix(scene.address)
    await until(() => scene.sockets.length === 1)
    peer.reset()
  })

  it('never removes what is no socket', async () => {
    const path = join(folder(), 'a file')
    writeFileSync(path, 'precious')
    await expect(unix({ path }).listen({} as never, {})).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(existsSync(path)).toBe(true)
  })

  it('has a path', () => {
    for (const path of ['', '@']) expect(() => unix({ path })).toThrow(TypeError)
  })
})

describe('several addresses', () => {
  it('are one listener, on the same free port', async () => {
    const scene = await listenOver(tcp({ port: 0, host: ['127.0.0.1', '::1'] }))
    const [four, six] = scene.listener.addresses
    expect(four).toMatchObject({ family: 'IPv4', address: '127.0.0.1' })
    expect(six).toMatchObject({ family: 'IPv6', address: '::1', port: four?.port })
    for (const address of scene.listener.addresses) (await dialTcp(address)).send(`${address.family}\r\n`)
    await until(() => scene.lines.length === 2)
    expect(scene.lines.sort()).toEqual(['IPv4', 'IPv6'])
    scene.listener.close()
    for (const address of scene.listener.addresses)
      await expect(dialTcp(address)).rejects.toThrow(/ECONNREFUSED/)
  })

  it('are all had, or none', async () => {
    const taken = await listenOver(tcp({ port: 0, host: '::1' }))
    const { port = 0 } = taken.address
    await expect(tcp({ port, host: ['127.0.0.1', '::1'] }).listen({} as never, {})).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
    const again = await listenOver(tcp({ port, host: '127.0.0.1' }))
    expect(again.address.port).toBe(port)
  })

  it('of both families are one where IPv6 takes IPv4 as well', async () => {
    const scene = await listenOver(tcp({ port: 0, host: '::' }))
    const { port = 0 } = scene.address
    const peer = await dialTcp({ family: 'IPv4', address: '127.0.0.1', port })
    await until(() => scene.sockets.length === 1)
    expect(scene.sockets[0]?.remote).toMatchObject({ family: 'IPv4', address: '127.0.0.1' })
    peer.reset()
    const only = await listenOver(tcp({ port: 0, host: '::', ipv6Only: true }))
    await expect(
      dialTcp({ family: 'IPv4', address: '127.0.0.1', port: only.address.port ?? 0 }),
    ).rejects.toThrow()
  })
})
