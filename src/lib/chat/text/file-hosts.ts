/** File, album and paste hosts seen passing on files; a subdomain counts as its host. */
const FILE_HOSTS = new Set(
  (
    '1024tera.com 1024terabox.com 1drv.ms 1fichier.com 4funbox.com 4shared.com anonfiles.com app.box.com box.com ' +
    'bunkr.cr bunkr.is bunkr.la bunkr.ru bunkr.si bunkr.sk catbox.moe cyberdrop.me cyberfile.me degoo.com ' +
    'disk.yandex.com disk.yandex.ru docs.google.com dood.la dood.to doodstream.com drive.google.com drive.proton.me ' +
    'dropbox.com files.fm fileditch.com filebin.net freeterabox.com gofile.io ibb.co imgbb.com imgbox.com imgur.com ' +
    'jumpshare.com krakenfiles.com mediafire.com mega.co.nz mega.io mega.nz mirrobox.com momerybox.com nephobox.com ' +
    'onedrive.live.com pan.baidu.com pcloud.link photos.app.goo.gl photos.google.com pixeldrain.com postimg.cc ' +
    'rapidgator.net send.cm sendspace.com share.icloud.com streamtape.com telegra.ph teraboxapp.com terabox.app ' +
    'terabox.com terabox.fun teraboxlink.com terafileshare.com terasharelink.com tibibox.com transfer.sh ' +
    'transfernow.net u.pcloud.link upload.ee uploadhaven.com we.tl wetransfer.com workupload.com yadi.sk'
  ).split(' '),
)

/** True when `host` (lower case) or a parent of it is a known file host. */
export function isFileHost(host: string): boolean {
  for (let at = 0; at !== -1; at = nextLabel(host, at)) {
    if (FILE_HOSTS.has(host.slice(at))) return true
  }
  return false
}

function nextLabel(host: string, at: number): number {
  const dot = host.indexOf('.', at)
  return dot === -1 ? -1 : dot + 1
}
