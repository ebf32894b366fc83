import { countingIn } from './counting.ts'
import type { ReportTexts } from './report-texts.ts'
import { CHINESE_COPY, CHINESE_COVERAGE } from './zh-hans-copy.ts'

/** Chinese has no plural forms after a number. */
const { number } = countingIn('zh-Hans')

export const CHINESE: ReportTexts = {
  language: 'zh-Hans',
  listSeparator: '、',
  clauseSeparator: '；',
  number,
  title: 'Saksi 扫描报告',
  found: (entries, postings) =>
    `在这份导出记录中，已登记的图片被发出 ${number(postings)} 次，涉及指纹库中的 ${number(entries)} 个条目。`,
  foundNothing: '在这份导出记录中没有找到已登记的图片。这不代表图片一定不在其中：请看这次扫描不能找到什么。',
  notAVerdict: '匹配只表示图片的数码指纹相似，须由人来确认；它并不说明谁该负责。',
  matchesHeading: '匹配结果',
  distanceExplained:
    '差异：0 表示指纹完全相同；256 位中最多相差 31 位，仍算匹配。如果有几处局部吻合，列出其中最接近的一处。',
  entry: '条目',
  when: '时间（UTC）',
  where: '群组或聊天',
  postedBy: '发出的账号',
  message: '讯息',
  kindOfCopy: '副本类型',
  distance: '差异',
  alongside: '一同发出，或相隔不超过三则讯息',
  unknownTime: '不详',
  forwarded: '转发',
  namedTwice: '有多则讯息提到此文件，发送者不确定',
  sameLook: '重新保存、缩放或略有改动',
  mirrored: '左右翻转',
  turned: (degrees) => `旋转 ${degrees}°`,
  withBorder: '加了边框',
  copy: CHINESE_COPY,
  moreInReport: (count) => `… 另有 ${number(count)} 项，见 report.json`,
  notFoundHeading: '这次扫描能找到什么，不能找到什么',
  uncheckedHeading: '未能比对的图片',
  unchecked: {
    notInExport: (count) =>
      `导出记录提到 ${number(count)} 张图片，但没有附上文件。请重新导出并包含照片，才能比对。`,
    unreadable: (count) => `${number(count)} 个图片文件无法读取：已损坏、不完整，或格式不明。`,
    tooPlain: (count) =>
      `${number(count)} 张图片的细节太少，无法凭外观辨认。只有与已登记文件完全相同的副本才会被找到。`,
    partlyRead: (count) => `${number(count)} 张图片已损坏，只比对了剩下的部分，因此可能有副本没有找到。`,
    gaps: (count) => `导出记录中有 ${number(count)} 处无法读取。那些讯息的图片已经比对，但没有发送者和时间。`,
    withheld: (count) =>
      `${number(count)} 张图片被标记为疑似儿童性侵害材料，没有打开。请向警方或全国热线举报该则讯息；不要复制图片。`,
    none: '导出记录中的每张图片都已比对。',
  },
  coverage: CHINESE_COVERAGE,
  identifiersHeading: '导出记录中的电话号码、账号和链接',
  identifiersExplained: '部分字符已遮盖。完整文字在导出记录中，见所列的讯息。',
  kind: '类型',
  identifierKinds: {
    phone: '电话号码',
    mykad: '大马卡（MyKad）号码',
    handle: '账号名称',
    email: '电邮地址',
    url: '链接',
    address: '住址',
    'bank-card': '银行卡号码',
  },
  masked: '遮盖后显示',
  times: '次数',
  messages: '讯息',
  notListed: (count) => `另有 ${number(count)} 次提及没有列出：不同的项目太多。`,
  none: '没有。',
  placesHeading: '群组和聊天',
  placeKinds: {
    group: '群组',
    supergroup: '大型群组',
    channel: '频道',
    dm: '私人聊天',
    page: '专页',
    thread: '讨论串',
    unknown: '不详',
  },
  placeTitles: '名称',
  readHeading: '读取了什么',
  readFacts: ({ messages, pictures, files, repairs, gaps }) =>
    `${number(messages)} 则讯息，比对了 ${number(pictures)} 张图片，读取了 ${number(files)} 个文件；修复损坏的字节 ${number(repairs)} 处，无法读取的片段 ${number(gaps)} 处。每一处修复和片段都列在 report.json 中，并注明位置。`,
  checkHeading: '另一个人如何核对这份报告',
  checkSteps: [
    '在本报告的文件夹中：`sha256sum -c manifest-sha256.txt`——可知报告有没有被改动。',
    '在导出记录的文件夹中：`sha256sum -c` 加上 `export-sha256.txt` 的路径——可知这是不是当时读取的那份导出记录。',
    '在 `report.json` 中，每项匹配都有 `raw.file`、`raw.start` 和 `raw.end`：`tail -c +$((start + 1)) FILE | head -c $((end - start))` 会准确显示该则讯息，其 SHA-256 也在那里。',
    '用同一个指纹库再做同样的扫描，会得到同样的匹配。',
  ],
  digestOfExport: '`export-sha256.txt` 的 SHA-256',
  digestOfBank: '指纹库文件的 SHA-256',
  loggedIn: ({ origin, record, mergeBy }) =>
    `本次扫描已记入保管日志 ${origin}，记录编号为 ${record}。该日志承诺最迟于 ${mergeBy}（UTC）显示此记录；此后即可证明该导出在此之前已被读取。`,
  mode: { exact: '读取每个像素', fast: '大图片在读取时缩小' },
  scanning: '扫描中',
  pictures: (count) => `${number(count)} 张图片`,
  emptyBank: '这个指纹库没有可以匹配的条目，因此不可能找到任何图片。',
  nothingWritten: '没有写入任何文件。加上 --out FOLDER，即可保存一份可由另一个人核对的报告。',
  reportAt: (path) => `报告：${path}`,
}
