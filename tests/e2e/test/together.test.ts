import { describe, expect, it } from 'vitest'
import { enter, openPage, shows, type } from './support/browser.ts'
import { findProgram } from './support/programs.ts'
import { startServer } from './support/server.ts'
import { Telnet } from './support/telnet.ts'

const telnetProgram = findProgram('telnet')
const chromium = findProgram('chromium')

describe.skipIf(!telnetProgram || !chromium)('a telnet client and a browser', () => {
  it('meet in one room, hear each other, and each sees the other leave', async () => {
    const server = await startServer()
    const ada = new Telnet(telnetProgram as string, server.telnetPort)
    await ada.shows('What is your name?')
    await ada.enter('Ada')

    const { page } = await openPage(chromium as string, server.url)
    await shows(page, 'What is your name?')
    await enter(page, 'Bob')
    await shows(page, 'Welcome, Bob. Type help for what you can do.')
    await shows(page, 'Also here: Ada and a grey cat.')
    await ada.shows('Bob arrives.')

    ada.type('say hello, browser')
    await shows(page, 'Ada says: hello, browser')
    await type(page, 'say hello, telnet')
    await ada.shows('Bob says: hello, telnet')

    await page.close()
    await ada.shows('Bob is gone.')

    const second = await openPage(chromium as string, server.url)
    await enter(second.page, 'Eve')
    await ada.shows('Eve arrives.')
    ada.type('quit')
    await ada.shows('Goodbye.')
    await ada.ends()
    await shows(second.page, 'Ada leaves the world.')
  })

  it('each see a connection that just drops', async () => {
    const server = await startServer()
    const ada = new Telnet(telnetProgram as string, server.telnetPort)
    await ada.enter('Ada')
    const { page } = await openPage(chromium as string, server.url)
    await enter(page, 'Bob')
    await ada.shows('Bob arrives.')
    ada.kill()
    await shows(page, 'Ada is gone.')
  })
})

describe.skipIf(!chromium)('the page', () => {
  it('is usable by keyboard and screen reader, and keeps a history', async () => {
    const server = await startServer()
    const { page } = await openPage(chromium as string, server.url)
    await page.getByRole('status').getByText('Connected.', { exact: true }).waitFor()
    const input = page.getByLabel('Your command')
    expect(await input.evaluate((element) => element === document.activeElement)).toBe(true)
    await enter(page, 'Bob')
    await type(page, 'look')
    await type(page, 'who')
    await shows(page, 'You are alone in the world.')
    expect(await input.inputValue()).toBe('')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    expect(await input.inputValue()).toBe('look')
    await page.keyboard.press('ArrowDown')
    expect(await input.inputValue()).toBe('who')
    const log = page.getByRole('log')
    expect(await log.getAttribute('aria-live')).toBe('polite')
    // What the player typed is shown, and not read out.
    expect(await log.locator('p[aria-hidden=true]').allTextContents()).toEqual([
      '> Bob',
      '> ',
      '> look',
      '> who',
    ])
  })

  it('shows markup as text', async () => {
    const server = await startServer()
    const { page } = await openPage(chromium as string, server.url)
    await enter(page, 'Bob')
    await type(page, 'say <img src=x onerror=alert(1)><b>bold</b>')
    await shows(page, 'You say: <img src=x onerror=alert(1)><b>bold</b>')
    expect(await page.locator('#log img, #log b').count()).toBe(0)
  })

  it('tells in words what becomes of its connection, and comes back by itself', async () => {
    const server = await startServer()
    const { page } = await openPage(chromium as string, server.url)
    const status = page.getByRole('status')
    await status.getByText('Connected.', { exact: true }).waitFor()
    server.process.kill('SIGTERM')
    await shows(page, 'What is your name?')
    await status.getByText(/^The server is stopping\. .* Trying again in \d+ seconds?\.$/).waitFor()
    await page.getByRole('button', { name: 'Connect now' }).waitFor()
    await startServer(['--http-port', `${server.httpPort}`])
    await status.getByText('Connected.', { exact: true }).waitFor()
    expect(await page.getByRole('button', { name: 'Connect now' }).isVisible()).toBe(false)
  })

  it('stays away after a quit until it is told to connect', async () => {
    const server = await startServer()
    const { page } = await openPage(chromium as string, server.url)
    await enter(page, 'Bob')
    await type(page, 'quit')
    await page.getByRole('status').getByText('The connection has ended.', { exact: true }).waitFor()
    await type(page, 'look')
    await page.getByRole('status').getByText('Not sent: there is no connection right now.').waitFor()
    expect(await page.getByLabel('Your command').inputValue()).toBe('look')
    await page.getByRole('button', { name: 'Connect now' }).click()
    await page.getByRole('status').getByText('Connected.', { exact: true }).waitFor()
    expect(
      await page.getByLabel('Your command').evaluate((element) => element === document.activeElement),
    ).toBe(true)
  })
})
