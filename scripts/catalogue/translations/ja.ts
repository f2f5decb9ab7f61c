import type { ProductTranslation } from '../types.ts';

/** By product slug. A product that is missing here is shown in English. */
export const ja: Readonly<Record<string, ProductTranslation>> = {
  'tide-mug': {
    name: '潮のマグカップ',
    descriptionHtml:
      '<p>ゆったりした持ち手と、口当たりの薄い縁。釉薬は手作業で浸し、高台の手前で止めているので、土との境目は一つずつ少し違います。</p><p>お茶をたっぷり、またはミルクを足したコーヒーにちょうどよい大きさです。</p>',
  },
  'noon-espresso-cup': { name: '正午のエスプレッソカップ' },
  'harvest-bowl': {
    name: '収穫のボウル',
    descriptionHtml:
      '<p>毎晩のように食卓にのぼるボウル。サラダにも、パスタにも、山盛りのいちじくにも。深さがあるので混ぜてもこぼれません。</p><p>小は朝食に、大は六人分に。</p>',
  },
  'meze-plates-set-of-four': { name: 'メゼの小皿 四枚組' },
  'olive-wood-board': {
    name: 'オリーブの木のボード',
    descriptionHtml:
      '<p>一枚のオリーブ材から切り出しているので、木目が持ち手から足元までつながり、同じものは二つとありません。片面は包丁に、もう片面はチーズに。</p><p>拭いて立てて乾かし、乾いて見えたら食用油を少しすり込んでください。</p>',
  },
  'copper-cezve': { name: '銅のジェズヴェ' },
  'copper-handle-teapot': { name: '銅の取っ手のティーポット' },
  'harbour-wool-throw': {
    name: '港のウールブランケット',
    descriptionHtml:
      '<p>ラムウールを織った、ずっしりとした一枚。太い縞と撚った房がつき、一人でも二人でも暖かく使えます。</p><p>晴れた日に外で風を通せば、洗うことはめったにありません。</p>',
  },
  'kilim-cushion-cover': { name: 'キリムのクッションカバー' },
  'tea-towels-pair': { name: 'ティータオル 二枚組' },
  'anadolu-flatweave-rug': { name: 'アナトリアの平織りラグ' },
  'moonrise-paper-lantern': {
    name: '月の出の紙ランタン',
    descriptionHtml:
      '<p>竹の骨に紙を張った丸い笠に、小さな房を下げました。引っ越しのときは平らにたため、どんな電球の光もやわらげます。</p><p>笠のみの販売です。E27ソケットの一般的なコードに取り付けられます。</p>',
  },
  'heron-desk-lamp': { name: 'サギのデスクランプ' },
  'mosaic-table-lamp': { name: 'モザイクのテーブルランプ' },
  'pierced-tin-lantern': { name: '透かし彫りのランタン' },
  'beeswax-pillar-candles-three': { name: '蜜ろうのキャンドル 三本組' },
  'mint-garden-tea': {
    name: 'ミントの庭のお茶',
    descriptionHtml:
      '<p>形の残った乾燥スペアミントの葉。お湯を注いで六分、甘くしてもそのままでも。</p><p>緑茶をひとさじ加えてもよく合います。</p>',
  },
  'smoke-trail-black-tea': { name: '煙の道の紅茶' },
  'first-light-sencha': {
    name: '朝の光の煎茶',
    descriptionHtml:
      '<p>その年の一番茶。明るく、少し青い香りがあり、お湯を一分ほど冷ましてから淹れるとやさしい味になります。</p><p>二煎目のほうが好きだという人もいます。</p>',
  },
  'corner-roast-coffee': { name: '街角ローストのコーヒー' },
  'sour-cherry-jam': { name: 'サワーチェリージャム' },
  'wildflower-honey': { name: '野の花のはちみつ' },
  'house-zaatar': { name: '自家製ザータル' },
  'early-harvest-olive-oil': { name: '早摘みのオリーブオイル' },
  'linen-notebook': {
    name: 'リネンのノート',
    descriptionHtml:
      '<p>一ページ目から平らに開く布張りのノート。万年筆のインクがにじみにくい紙に、しおり、ゴムバンド、後ろのポケットがついています。</p>',
  },
  'walnut-fountain-pen': { name: '胡桃の万年筆' },
  'six-good-pencils': { name: '六本のよい鉛筆' },
  'letter-set': { name: 'レターセット' },
  'olive-oil-soap': {
    name: 'オリーブオイルの石けん',
    descriptionHtml:
      '<p>オリーブオイルを昔ながらの方法で炊き、何か月も寝かせてから刻印した、素朴で重たい石けん。使うたびに乾かせば長くもちます。</p><p>ハーブ入りには乾燥ハーブを混ぜています。プレーンには何も加えていません。</p>',
  },
  'hammam-towel': { name: 'ハマムタオル' },
  'market-tote': { name: '市場のトートバッグ' },
  'fold-wallet': { name: '折り財布' },
  'caravan-camel': {
    name: '隊商のらくだ',
    descriptionHtml:
      '<p>車輪のついたらくだ。手描きの鞍掛けをまとい、砂漠を一度渡ってきたような落ち着いた顔をしています。ひもで引いて遊べます。</p>',
  },
  'stacking-rainbow': { name: '積み木の虹' },
  'travel-backgammon': { name: '旅のバックギャモン' },
  'spinning-top': { name: 'こま' },
  'linen-rabbit': { name: 'リネンのうさぎ' },
  'terracotta-pot': { name: '素焼きの鉢' },
  'five-litre-watering-can': { name: '五リットルのじょうろ' },
  'harbour-linen-shirt': { name: '港のリネンシャツ' },
  'fisher-jumper': { name: '漁師のセーター' },
  'chore-jacket': { name: 'ワークジャケット' },
  'long-wool-scarf': { name: '長いウールマフラー' },
  'tile-socks': { name: 'タイル柄の靴下' },
};
