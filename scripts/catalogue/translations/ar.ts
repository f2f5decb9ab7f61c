import type { ProductTranslation } from '../types.ts';

/** By product slug. A product that is missing here is shown in English. */
export const ar: Readonly<Record<string, ProductTranslation>> = {
  'tide-mug': {
    name: 'كوب المدّ',
    descriptionHtml:
      '<p>كوب بمقبض واسع وحافة رقيقة. يُغمس الطلاء يدويًا ويتوقف قبل القاعدة، فيختلف الخط الفاصل بينه وبين الطين قليلًا من كوب إلى آخر.</p><p>يتسع لكوب شاي كامل، أو لقهوة مع مكان للحليب.</p>',
  },
  'noon-espresso-cup': { name: 'فنجان إسبريسو الظهيرة' },
  'harvest-bowl': { name: 'وعاء الحصاد' },
  'meze-plates-set-of-four': {
    name: 'أطباق مازة، أربع قطع',
    descriptionHtml:
      '<p>أربعة أطباق للأشياء الصغيرة: زيتون، حمص، نصف برتقالة، قطعة كعك. وعلى الحافة دائرة من النقاط المرسومة.</p><p>تُرصّ فوق بعضها بإحكام فلا تأخذ مكانًا في مطبخ صغير.</p>',
  },
  'olive-wood-board': { name: 'لوح من خشب الزيتون' },
  'copper-cezve': {
    name: 'ركوة نحاسية',
    descriptionHtml:
      '<p>ركوة للقهوة على مهل: بنّ ناعم وماء بارد ونار هادئة وقليل من الصبر. النحاس مطروق يدويًا ومبطّن بالقصدير.</p><p>يبقى المقبض الطويل بعيدًا عن الحرارة. لا تصلح لمواقد الحث.</p>',
  },
  'copper-handle-teapot': { name: 'إبريق شاي بمقبض نحاسي' },
  'kilim-cushion-cover': { name: 'غطاء وسادة كليم' },
  'anadolu-flatweave-rug': { name: 'سجادة أناضول منسوجة' },
  'mosaic-table-lamp': {
    name: 'مصباح فسيفساء',
    descriptionHtml:
      '<p>قطع صغيرة من الزجاج الملوّن، تُثبَّت واحدة واحدة في الجص حول كرة زجاجية. مطفأً هو زينة، ومضاءً يرسم على الجدار.</p><p>ولأن الزجاج يُثبَّت يدويًا يختلف النقش من مصباح إلى آخر. يأتي مع قابس ذي شوكتين ومهايئ للبلد الذي تطلب إليه.</p>',
  },
  'pierced-tin-lantern': { name: 'فانوس مخرّم' },
  'mint-garden-tea': {
    name: 'شاي حديقة النعناع',
    descriptionHtml:
      '<p>أوراق نعناع مجففة، كبيرة بما يكفي لترى ما تغليه. صبّ الماء الساخن وانتظر ست دقائق، وحلِّه أو لا تحلِّه.</p><p>ولذيذ مع ملعقة من الشاي الأخضر في الإبريق نفسه.</p>',
  },
  'corner-roast-coffee': { name: 'قهوة محمصة الزاوية' },
  'wildflower-honey': { name: 'عسل الأزهار البرية' },
  'house-zaatar': {
    name: 'زعتر البيت',
    descriptionHtml:
      '<p>زعتر وسمسم محمّص وسمّاق، مخلوطة كما علّمنا الجيران. اخلطه بالزيت وضع الخبز إلى جانبه.</p><p>يحتوي على السمسم.</p>',
  },
  'rose-harissa': { name: 'هريسة بالورد' },
  'early-harvest-olive-oil': { name: 'زيت زيتون القطاف المبكر' },
  'medjool-dates-gift-box': {
    name: 'تمر مجهول في علبة هدية',
    descriptionHtml:
      '<p>خمس عشرة تمرة كبيرة طرية، كل واحدة في كأسها الورقية. افتح العلبة مع الأصحاب.</p><p>النوى في داخلها.</p>',
  },
  'linen-notebook': { name: 'دفتر كتّان' },
  'olive-oil-soap': {
    name: 'صابون زيت الزيتون',
    descriptionHtml:
      '<p>قطعة بسيطة ثقيلة، تُطبخ من زيت الزيتون بالطريقة القديمة وتُترك أشهرًا لتجفّ قبل ختمها. تدوم طويلًا إن تركتها تجفّ بين مرة وأخرى.</p><p>في القطع العشبية أعشاب مجففة؛ أما السادة فلا شيء مضاف إليها.</p>',
  },
  'hammam-towel': { name: 'منشفة حمّام' },
  'market-tote': { name: 'حقيبة السوق' },
  'caravan-camel': { name: 'جمل القافلة' },
  'travel-backgammon': { name: 'طاولة زهر للسفر' },
  'terracotta-pot': { name: 'أصيص فخاري' },
  'harbour-linen-shirt': { name: 'قميص الميناء الكتاني' },
  'long-wool-scarf': { name: 'وشاح صوفي طويل' },
};
