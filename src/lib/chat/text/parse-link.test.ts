import { describe, expect, it } from 'vitest'
import { parseLink } from './index.ts'

const HASH = 'AbCdEfGhIjKl_-01'
const WHATSAPP_CODE = 'AbCdEfGhIjKlMnOpQrStUv'

describe('Telegram links', () => {
  it.each([
    ['t.me/test_user', 'username', 'tg:@test_user', null],
    ['https://t.me/Test_User', 'username', 'tg:@test_user', null],
    ['HTTPS://T.ME/test_user/', 'username', 'tg:@test_user', null],
    ['http://telegram.me/test_user?start=1', 'username', 'tg:@test_user', null],
    ['telegram.dog/test_user#x', 'username', 'tg:@test_user', null],
    ['www.t.me/test_user', 'username', 'tg:@test_user', null],
    ['testuser.t.me', 'username', 'tg:@testuser', null],
    ['https://test_user.t.me', 'username', 'tg:@test_user', null],
    ['tg://resolve?domain=Test_User', 'username', 'tg:@test_user', null],
    ['tg:resolve?domain=test_user&start=x', 'username', 'tg:@test_user', null],
    ['TG://RESOLVE?DOMAIN=test_user', 'username', 'tg:@test_user', null],
    ['https://someone:secret@t.me:443/test_user', 'username', 'tg:@test_user', null],
    ['t.me./test_user', 'username', 'tg:@test_user', null],
    ['t.me/test_user/12', 'post', 'tg:@test_user', '12'],
    ['t.me/test_user/3/12?comment=4', 'post', 'tg:@test_user', '12'],
    ['t.me/s/test_user', 'post', 'tg:@test_user', null],
    ['t.me/s/test_user/12', 'post', 'tg:@test_user', '12'],
    ['testuser.t.me/12', 'post', 'tg:@testuser', '12'],
    ['tg://resolve?domain=test_user&post=12', 'post', 'tg:@test_user', '12'],
    ['t.me/c/1234567890/45', 'private-post', 'tg:channel:1234567890', '45'],
    ['t.me/C/1234567890/6/45?single', 'private-post', 'tg:channel:1234567890', '45'],
    ['tg://privatepost?channel=1234567890&post=45', 'private-post', 'tg:channel:1234567890', '45'],
    [`t.me/+${HASH}`, 'invite', `tg:invite:${HASH}`, null],
    [`t.me/%2B${HASH}`, 'invite', `tg:invite:${HASH}`, null],
    [`T.ME/Joinchat/${HASH}`, 'invite', `tg:invite:${HASH}`, null],
    [`tg://join?invite=${HASH}`, 'invite', `tg:invite:${HASH}`, null],
    ['t.me/joinchat/1234567890', 'invite', 'tg:invite:1234567890', null],
    ['t.me/+60123456789abc', 'invite', 'tg:invite:60123456789abc', null],
    ['t.me/+1234567890123456', 'invite', 'tg:invite:1234567890123456', null],
    ['t.me/+60123456789', 'phone', 'tel:+60123456789', null],
    ['https://t.me/%2B60123456789', 'phone', 'tel:+60123456789', null],
    ['t.me/+12345', 'phone', 'tel:+12345', null],
    ['t.me/+123456789012345', 'phone', 'tel:+123456789012345', null],
    ['tg://resolve?phone=60123456789', 'phone', 'tel:+60123456789', null],
    ['tg://resolve?phone=+60123456789', 'phone', 'tel:+60123456789', null],
    [`t.me/addlist/${HASH}`, 'folder', `tg:folder:${HASH}`, null],
    [`tg://addlist?slug=${HASH}`, 'folder', `tg:folder:${HASH}`, null],
  ])('%s is a %s', (text, kind, target, post) => {
    expect(parseLink(text)).toMatchObject({ kind, platform: 'telegram', target, post })
  })

  it.each(
    'boost share proxy socks login addstickers addemoji setlanguage bg iv giftcode confirmphone m'.split(' '),
  )('never takes %s for a name', (word) => {
    for (const text of [`t.me/${word}`, `t.me/${word.toUpperCase()}/x`, `https://t.me/${word}?url=a`]) {
      expect(parseLink(text), text).toMatchObject({ kind: 'reserved', target: `tg:reserved:${word}` })
    }
    expect(parseLink(`${word}.t.me`)?.kind).not.toBe('username')
  })

  it.each([
    't.me',
    't.me/',
    't.me/abc',
    't.me/1abcd',
    't.me/test-user',
    't.me/test_user/x',
    't.me/test_user/1/2/3',
    `t.me/${'a'.repeat(33)}`,
    't.me/c/abc/1',
    't.me/+abc',
    't.me/+',
    'web.t.me/test_user',
    'notat.me/test_user',
    't.me.example.org/test_user',
  ])('%s does not fit the grammar and is only an address', (text) => {
    expect(parseLink(text)).toMatchObject({ kind: 'other', platform: 'web' })
  })

  it.each([
    'tg://',
    'tg:',
    'tg://resolve',
    'tg://resolve?domain=abc',
    'tg://join?invite=',
    'tg://resolve?phone=abc',
  ])('%s is no link', (text) => {
    expect(parseLink(text)).toBeNull()
  })

  it.each([
    'hxxps://t[.]me/test_user',
    'hxxp[:]//t(.)me/test_user',
    't[dot]me/test_user',
    't (dot) me/test_user',
    't{titik}me[/]test_user',
    'ｔ．ｍｅ／ｔｅｓｔ＿ｕｓｅｒ',
    't\u200b.me/te\u00adst_user\u202e',
    '  t.me/test_user\n',
  ])('%j is read through its disguise', (text) => {
    expect(parseLink(text)).toMatchObject({ kind: 'username', target: 'tg:@test_user', raw: text.trim() })
  })

  it('does not believe the name before an @', () => {
    expect(parseLink('https://t.me@files.example.org/test_user')).toMatchObject({
      kind: 'other',
      host: 'files.example.org',
    })
  })
})

describe('links of other platforms', () => {
  it.each([
    [`https://chat.whatsapp.com/${WHATSAPP_CODE}`, 'invite', 'whatsapp', `wa:invite:${WHATSAPP_CODE}`],
    [`chat.whatsapp.com/invite/${WHATSAPP_CODE}?x=1`, 'invite', 'whatsapp', `wa:invite:${WHATSAPP_CODE}`],
    [`whatsapp.com/channel/${WHATSAPP_CODE}`, 'username', 'whatsapp', `wa:channel:${WHATSAPP_CODE}`],
    ['wa.me/60120000123?text=hi', 'phone', 'whatsapp', 'tel:+60120000123'],
    ['https://wa.me/+60120000123', 'phone', 'whatsapp', 'tel:+60120000123'],
    ['wasap.my/60120000123', 'phone', 'whatsapp', 'tel:+60120000123'],
    ['wasap.my/0120000123', 'phone', 'whatsapp', 'tel:+60120000123'],
    ['https://api.whatsapp.com/send?phone=60120000123', 'phone', 'whatsapp', 'tel:+60120000123'],
    ['whatsapp://send?phone=%2B60120000123', 'phone', 'whatsapp', 'tel:+60120000123'],
    ['wa.me/message/ABCDEF', 'reserved', 'whatsapp', 'wa:reserved:message'],
    ['discord.gg/AbC-12', 'invite', 'discord', 'dc:invite:AbC-12'],
    ['https://discord.com/invite/AbC-12', 'invite', 'discord', 'dc:invite:AbC-12'],
    ['https://discord.com/channels/123/456/789', 'private-post', 'discord', 'dc:123/456'],
    ['instagram.com/Test.User/', 'username', 'instagram', 'ig:@test.user'],
    ['https://www.instagram.com/stories/test.user/1', 'username', 'instagram', 'ig:@test.user'],
    ['https://www.instagram.com/reel/abc', 'other', 'web', 'www.instagram.com/reel/abc'],
    ['tiktok.com/@test.user', 'username', 'tiktok', 'tt:@test.user'],
    ['tiktok.com/@test.user/video/12', 'post', 'tiktok', 'tt:@test.user'],
    ['https://mega.nz/folder/AbC#secretkey', 'distribution-point', 'web', 'mega.nz/folder/AbC'],
    ['www.terabox.com/s/1AbC', 'distribution-point', 'web', 'terabox.com/s/1AbC'],
    ['https://drive.google.com/open?id=AbC', 'distribution-point', 'web', 'drive.google.com/open?id=AbC'],
    ['www12.mediafire.com/file/x', 'distribution-point', 'web', 'www12.mediafire.com/file/x'],
    ['mega.nz', 'other', 'web', 'mega.nz'],
    ['notmega.nz/x', 'other', 'web', 'notmega.nz/x'],
    ['https://example.org/a?b=c#d', 'other', 'web', 'example.org/a?b=c'],
    ['https://\u0430pple.example/x', 'other', 'web', 'xn--pple-43d.example/x'],
  ])('%s is a %s of %s', (text, kind, platform, target) => {
    expect(parseLink(text)).toMatchObject({ kind, platform, target })
  })

  it.each([
    '',
    'hello',
    'hello.',
    'two words.org',
    'mailto:a@example.org',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///a.txt',
    'http://',
    'http:///x',
    'http://[::1]/',
    'https://\ud800.org/x',
    `t.me/${'a'.repeat(5000)}`,
  ])('%j is no link', (text) => {
    expect(parseLink(text)).toBeNull()
  })
})
