import type { BundleLanguage } from '../../model.ts'

/** Words of the Malaysian drafts in one language. What a person has to state stays a blank line in all. */
export interface CertificateWords {
  /** First line of every draft. */
  draft: string
  title: string
  witnessComputer: string
  organisationComputer: string
  noForm: string
  fullName: string
  identityNumber: string
  occupation: string
  responsible: string
  management: string
  activities: string
  computerOfWitness: string
  computer: string
  program: string
  documents: string
  noFile: string
  none: string
  bytes: string
  howProduced: string
  captureRead: (id: string, format: string, readAt: string) => string
  digestOfAll: string
  stepsByPerson: string
  madeAt: (bagName: string, builtAt: string) => string
  byWhom: string
  ordinaryUse: string
  workingProperly: string
  belief: string
  placeAndDate: string
  signature: string
}

export const CERTIFICATE_WORDS: Readonly<Record<BundleLanguage, CertificateWords>> = {
  en: {
    draft: 'Draft prepared by software. A lawyer must review it. Not a certificate until signed.',
    title: 'MALAYSIA - EVIDENCE ACT 1950, SECTION 90A(2)',
    witnessComputer: 'The computer with which the export was made.',
    organisationComputer: 'The computer of the organisation on which the exhibits were processed.',
    noForm: 'No form is prescribed by statute.',
    fullName: 'Full name',
    identityNumber: 'Identity number',
    occupation: 'Occupation and role',
    responsible: 'I am responsible for (choose one):',
    management: 'the management of the operation of the computer',
    activities: 'the conduct of the activities for which the computer was used',
    computerOfWitness:
      'Computer (make, model, operating system, application and version),\nas stated by the witness',
    computer: 'Computer',
    program: 'Program',
    documents: 'Documents',
    noFile: 'no file captured',
    none: 'none',
    bytes: 'bytes',
    howProduced: 'How and when the documents were produced',
    captureRead: (id, format, readAt) => `Capture ${id} (${format}) was read at ${readAt}.`,
    digestOfAll: 'Digest over all its files',
    stepsByPerson: 'Steps taken by the person who exported it',
    madeAt: (bagName, builtAt) => `This bundle, ${bagName}, was made by the program at ${builtAt}.`,
    byWhom: 'By whom, and on which day',
    ordinaryUse: 'Produced in the course of the ordinary use of the computer',
    workingProperly: 'Working properly, or any fault and its effect',
    belief: 'To the best of my knowledge and belief',
    placeAndDate: 'Place and date',
    signature: 'Signature',
  },
  ms: {
    draft:
      'Draf yang disediakan oleh perisian. Peguam mesti menyemaknya. Bukan perakuan sehingga ditandatangani.',
    title: 'MALAYSIA - AKTA KETERANGAN 1950, SEKSYEN 90A(2)',
    witnessComputer: 'Komputer yang digunakan untuk membuat eksport.',
    organisationComputer: 'Komputer organisasi yang memproses bahan bukti.',
    noForm: 'Tiada borang yang ditetapkan oleh undang-undang.',
    fullName: 'Nama penuh',
    identityNumber: 'Nombor pengenalan',
    occupation: 'Pekerjaan dan peranan',
    responsible: 'Saya bertanggungjawab bagi (pilih satu):',
    management: 'pengurusan pengendalian komputer itu',
    activities: 'penjalanan aktiviti yang baginya komputer itu digunakan',
    computerOfWitness:
      'Komputer (jenama, model, sistem pengendalian, aplikasi dan versi),\nseperti yang dinyatakan oleh saksi',
    computer: 'Komputer',
    program: 'Program',
    documents: 'Dokumen',
    noFile: 'tiada fail ditangkap',
    none: 'tiada',
    bytes: 'bait',
    howProduced: 'Bagaimana dan bila dokumen itu dikeluarkan',
    captureRead: (id, format, readAt) => `Tangkapan ${id} (${format}) dibaca pada ${readAt}.`,
    digestOfAll: 'Nilai cincang bagi semua failnya',
    stepsByPerson: 'Langkah yang diambil oleh orang yang mengeksportnya',
    madeAt: (bagName, builtAt) => `Bungkusan ini, ${bagName}, dibuat oleh program pada ${builtAt}.`,
    byWhom: 'Oleh siapa, dan pada hari apa',
    ordinaryUse: 'Dikeluarkan dalam perjalanan penggunaan biasa komputer itu',
    workingProperly: 'Berfungsi dengan baik, atau sebarang kerosakan dan kesannya',
    belief: 'Sepanjang pengetahuan dan kepercayaan saya',
    placeAndDate: 'Tempat dan tarikh',
    signature: 'Tandatangan',
  },
  'zh-Hans': {
    draft: '本草稿由软件生成，须由律师审阅，未经签署不是证明书。',
    title: '马来西亚 - 1950 年证据法令第 90A(2) 条',
    witnessComputer: '用于导出的电脑。',
    organisationComputer: '机构用于处理证物的电脑。',
    noForm: '法律没有规定格式。此为译文，以英文或马来文草稿为准。',
    fullName: '姓名',
    identityNumber: '身份证号码',
    occupation: '职业与职责',
    responsible: '我负责（选择一项）：',
    management: '该电脑运作的管理',
    activities: '使用该电脑所从事的活动',
    computerOfWitness: '电脑（品牌、型号、操作系统、应用程序及版本），\n按证人陈述',
    computer: '电脑',
    program: '程序',
    documents: '文件',
    noFile: '未采集到文件',
    none: '无',
    bytes: '字节',
    howProduced: '文件如何及何时产生',
    captureRead: (id, format, readAt) => `采集 ${id}（${format}）于 ${readAt} 读取。`,
    digestOfAll: '全部文件的摘要',
    stepsByPerson: '导出者所采取的步骤',
    madeAt: (bagName, builtAt) => `本证据包 ${bagName} 由程序于 ${builtAt} 制作。`,
    byWhom: '由谁、在哪一天',
    ordinaryUse: '在电脑的正常使用过程中产生',
    workingProperly: '运作正常，或任何故障及其影响',
    belief: '据本人所知所信',
    placeAndDate: '地点与日期',
    signature: '签名',
  },
  ta: {
    draft: 'மென்பொருள் தயாரித்த வரைவு. ஒரு வழக்கறிஞர் இதைச் சரிபார்க்க வேண்டும். கையொப்பமிடும் வரை இது சான்றிதழ் அல்ல.',
    title: 'மலேசியா - 1950 சாட்சியச் சட்டம், பிரிவு 90A(2)',
    witnessComputer: 'ஏற்றுமதி செய்யப் பயன்படுத்திய கணினி.',
    organisationComputer: 'சான்றுப் பொருள்களைச் செயலாக்கிய அமைப்பின் கணினி.',
    noForm: 'சட்டம் எந்தப் படிவத்தையும் விதிக்கவில்லை. இது மொழிபெயர்ப்பு; ஆங்கிலம் அல்லது மலாய் வரைவே செல்லும்.',
    fullName: 'முழுப் பெயர்',
    identityNumber: 'அடையாள எண்',
    occupation: 'தொழிலும் பொறுப்பும்',
    responsible: 'எனது பொறுப்பு (ஒன்றைத் தேர்ந்தெடுக்கவும்):',
    management: 'அந்தக் கணினியை இயக்குவதன் மேலாண்மை',
    activities: 'அந்தக் கணினி பயன்படுத்தப்பட்ட செயல்பாடுகளை நடத்துதல்',
    computerOfWitness: 'கணினி (தயாரிப்பாளர், மாதிரி, இயங்குதளம், செயலியும் பதிப்பும்),\nசாட்சி சொன்னபடி',
    computer: 'கணினி',
    program: 'நிரல்',
    documents: 'ஆவணங்கள்',
    noFile: 'கோப்பு பதிவாகவில்லை',
    none: 'இல்லை',
    bytes: 'பைட்டுகள்',
    howProduced: 'ஆவணங்கள் எப்படி, எப்போது உருவாக்கப்பட்டன',
    captureRead: (id, format, readAt) => `பதிவு ${id} (${format}) ${readAt} அன்று படிக்கப்பட்டது.`,
    digestOfAll: 'அனைத்துக் கோப்புகளின் சுருக்க மதிப்பு',
    stepsByPerson: 'ஏற்றுமதி செய்தவர் எடுத்த படிகள்',
    madeAt: (bagName, builtAt) => `இந்தத் தொகுப்பு ${bagName} ${builtAt} அன்று நிரலால் உருவாக்கப்பட்டது.`,
    byWhom: 'யாரால், எந்த நாளில்',
    ordinaryUse: 'கணினியின் வழக்கமான பயன்பாட்டின்போது உருவாக்கப்பட்டது',
    workingProperly: 'சரியாக இயங்கியது, அல்லது ஏதேனும் பழுதும் அதன் விளைவும்',
    belief: 'எனக்குத் தெரிந்தவரையும் நான் நம்பும் வரையும்',
    placeAndDate: 'இடமும் தேதியும்',
    signature: 'கையொப்பம்',
  },
}
