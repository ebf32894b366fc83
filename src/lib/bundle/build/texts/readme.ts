import { sshFingerprint } from '../../format/ssh-public-key.ts'
import type { BundleInput } from '../../model.ts'

/** What lies here and how to check it, in English and Malay. */
export function readmeText(input: BundleInput): string {
  return `${english(input)}\n${'-'.repeat(72)}\n\n${malay(input)}`
}

function english({ bagName, organisation, builtAt, publicKey }: BundleInput): string {
  return `EVIDENCE BUNDLE ${bagName}
Made by ${organisation.name}, ${builtAt}. Contact: ${organisation.contact}

These files belong to a case of intimate pictures or personal data passed round
without consent. Do not forward them. Store them encrypted.

To check that nothing was changed, open a terminal in this folder and run

    sh VERIFY.sh --fingerprint SHA256:...

with the fingerprint on the hand-over form. It should be
    ${sshFingerprint(publicKey)}
No network and no special software is needed. VERIFY.txt has the same checks to
type by hand. Keep this folder as it is: a file added or renamed is reported.

  data/          the exhibits; data/withheld.json: what was never opened
  report/        report.html and report.pdf to read; questions.txt
  metadata/      tables, custody, CASE/UCO form for forensic tools
  certificates/  unsigned drafts; a lawyer must review them
  proofs/        records of the log and their proofs
  trust/ seal/   keys, signature, time stamps

No picture is shown in any report. An exhibit named original.age is encrypted to
you; open it only if you must.
`
}

function malay({ bagName, organisation, builtAt, publicKey }: BundleInput): string {
  return `BUNGKUSAN BUKTI ${bagName}
Dibuat oleh ${organisation.name}, ${builtAt}. Hubungi: ${organisation.contact}

Fail-fail ini berkaitan dengan kes gambar intim atau data peribadi yang disebarkan
tanpa kebenaran. Jangan majukan kepada orang lain. Simpan dalam bentuk tersulit.

Untuk memastikan tiada apa-apa yang diubah, buka terminal dalam folder ini dan
jalankan

    sh VERIFY.sh --fingerprint SHA256:...

dengan cap jari kunci pada borang serahan. Cap jari itu sepatutnya
    ${sshFingerprint(publicKey)}
Rangkaian dan perisian khas tidak diperlukan. VERIFY.txt mengandungi semakan yang
sama untuk ditaip sendiri. Biarkan folder ini seperti asalnya: fail yang ditambah
atau ditukar namanya akan dilaporkan.

  data/          bahan bukti; data/withheld.json: bahan yang tidak pernah dibuka
  report/        report.html dan report.pdf untuk dibaca; questions.txt
  metadata/      jadual, rantaian jagaan, bentuk CASE/UCO untuk perisian forensik
  certificates/  draf yang belum ditandatangani; perlu disemak oleh peguam
  proofs/        rekod log dan buktinya
  trust/ seal/   kunci, tandatangan, cap masa

Tiada gambar dipaparkan dalam mana-mana laporan. Bahan bukti bernama original.age
disulitkan untuk anda; buka hanya jika perlu.
`
}
