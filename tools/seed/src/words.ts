/** Word lists of the data set, written for it (CC0). Brands are invented compounds; no real brand is meant. */

/** Root category → its second level → two nouns each, of which the products and the leaves are named. */
export const departments: readonly {
  readonly name: string;
  readonly taxClass: 'standard' | 'reduced';
  readonly aisles: readonly (readonly [name: string, first: string, second: string])[];
}[] = [
  { name: 'Home & Living', taxClass: 'standard', aisles: [
    ['Lighting', 'Table Lamp', 'Pendant Light'], ['Seating', 'Armchair', 'Footstool'], ['Storage', 'Shelf', 'Basket'],
    ['Textiles', 'Throw', 'Cushion'], ['Bedroom', 'Duvet', 'Pillow'], ['Bathroom', 'Towel', 'Bath Mat'],
    ['Decoration', 'Vase', 'Candle'], ['Clocks & Mirrors', 'Wall Clock', 'Mirror'], ['Tables', 'Side Table', 'Desk'],
  ] },
  { name: 'Kitchen & Dining', taxClass: 'standard', aisles: [
    ['Cookware', 'Saucepan', 'Frying Pan'], ['Tableware', 'Plate', 'Bowl'], ['Glassware', 'Tumbler', 'Carafe'],
    ['Knives & Boards', 'Kitchen Knife', 'Cutting Board'], ['Coffee & Tea', 'Kettle', 'Coffee Grinder'], ['Baking', 'Cake Tin', 'Rolling Pin'],
    ['Cutlery', 'Fork', 'Spoon'], ['Food Storage', 'Jar', 'Lunch Box'], ['Linen', 'Apron', 'Tea Towel'],
  ] },
  { name: 'Garden', taxClass: 'standard', aisles: [
    ['Pots & Planters', 'Planter', 'Flower Pot'], ['Hand Tools', 'Trowel', 'Pruner'], ['Watering', 'Watering Can', 'Hose'],
    ['Outdoor Furniture', 'Garden Chair', 'Bench'], ['Seeds', 'Seed Tin', 'Bulb Box'], ['Grilling', 'Grill', 'Fire Bowl'],
    ['Wildlife', 'Bird Feeder', 'Nest Box'], ['Outdoor Light', 'Lantern', 'String Light'], ['Shade', 'Parasol', 'Awning'],
  ] },
  { name: 'Sports & Outdoors', taxClass: 'standard', aisles: [
    ['Hiking', 'Backpack', 'Trekking Pole'], ['Camping', 'Tent', 'Sleeping Bag'], ['Cycling', 'Cycle Helmet', 'Bike Light'],
    ['Running', 'Running Vest', 'Headband'], ['Yoga', 'Yoga Mat', 'Yoga Block'], ['Water Sports', 'Dry Bag', 'Swim Goggles'],
    ['Climbing', 'Chalk Bag', 'Harness'], ['Winter', 'Snow Goggles', 'Sledge'], ['Team Sports', 'Football', 'Racket'],
  ] },
  { name: 'Fashion', taxClass: 'standard', aisles: [
    ['Knitwear', 'Sweater', 'Cardigan'], ['Shirts', 'Shirt', 'T-Shirt'], ['Outerwear', 'Raincoat', 'Parka'],
    ['Shoes', 'Sneaker', 'Boot'], ['Bags', 'Tote Bag', 'Messenger Bag'], ['Accessories', 'Scarf', 'Belt'],
    ['Trousers', 'Chino', 'Jeans'], ['Socks', 'Wool Sock', 'Ankle Sock'], ['Hats', 'Beanie', 'Sun Hat'],
  ] },
  { name: 'Electronics', taxClass: 'standard', aisles: [
    ['Audio', 'Headphones', 'Speaker'], ['Cables & Power', 'Charger', 'Power Bank'], ['Computing', 'Keyboard', 'Mouse'],
    ['Smart Home', 'Thermostat', 'Motion Sensor'], ['Photography', 'Tripod', 'Camera Strap'], ['Wearables', 'Watch Strap', 'Fitness Band'],
    ['Monitors & Stands', 'Laptop Stand', 'Monitor Arm'], ['Memory', 'Card Reader', 'Flash Drive'], ['Radio', 'Kitchen Radio', 'Clock Radio'],
  ] },
  { name: 'Books & Paper', taxClass: 'reduced', aisles: [
    ['Notebooks', 'Notebook', 'Sketchbook'], ['Pens & Pencils', 'Fountain Pen', 'Pencil Set'], ['Calendars', 'Wall Calendar', 'Planner'],
    ['Cooking Books', 'Cookbook', 'Recipe Box'], ['Travel Books', 'Travel Guide', 'Map'], ['Craft Paper', 'Gift Wrap', 'Origami Set'],
    ['Letters', 'Card Set', 'Envelope Set'], ['Desk Order', 'Letter Tray', 'Pen Cup'], ['Children’s Books', 'Picture Book', 'Colouring Book'],
  ] },
  { name: 'Toys & Games', taxClass: 'standard', aisles: [
    ['Board Games', 'Board Game', 'Card Game'], ['Building', 'Building Set', 'Marble Run'], ['Puzzles', 'Jigsaw', 'Brain Teaser'],
    ['Soft Toys', 'Teddy Bear', 'Hand Puppet'], ['Outdoor Play', 'Kite', 'Skipping Rope'], ['Craft Kits', 'Bead Kit', 'Paint Set'],
    ['Vehicles', 'Wooden Train', 'Toy Car'], ['Music', 'Xylophone', 'Hand Drum'], ['Dolls', 'Doll', 'Doll House'],
  ] },
  { name: 'Beauty & Care', taxClass: 'standard', aisles: [
    ['Skin', 'Face Cream', 'Hand Balm'], ['Hair', 'Shampoo Bar', 'Hairbrush'], ['Bath', 'Bath Salt', 'Soap'],
    ['Shaving', 'Razor', 'Shaving Brush'], ['Fragrance', 'Room Spray', 'Perfume Oil'], ['Oral Care', 'Toothbrush', 'Tooth Powder'],
    ['Sun', 'Sun Cream', 'After Sun'], ['Tools', 'Nail File', 'Tweezers'], ['Travel Care', 'Wash Bag', 'Travel Bottle'],
  ] },
  { name: 'Tools & Workshop', taxClass: 'standard', aisles: [
    ['Screwdriving', 'Screwdriver', 'Bit Set'], ['Measuring', 'Tape Measure', 'Spirit Level'], ['Sawing', 'Hand Saw', 'Coping Saw'],
    ['Fixings', 'Screw Box', 'Wall Plug Set'], ['Clamps', 'Clamp', 'Vice'], ['Painting', 'Paint Roller', 'Paintbrush'],
    ['Protection', 'Work Glove', 'Safety Glasses'], ['Boxes', 'Tool Box', 'Organiser'], ['Light', 'Work Light', 'Head Torch'],
  ] },
];

export const leafStyles = ['Everyday', 'Compact', 'Premium', 'Classic'] as const;

export const brandHeads = [
  'Alder', 'Amber', 'Birch', 'Bramble', 'Brindle', 'Cinder', 'Clover', 'Copper', 'Dapple', 'Elder', 'Fallow', 'Fern', 'Flint', 'Gorse', 'Hazel',
  'Heron', 'Juniper', 'Kestrel', 'Larch', 'Linden', 'Marsh', 'Mistle', 'Nettle', 'Osprey', 'Pebble', 'Quill', 'Rowan', 'Sorrel', 'Thistle', 'Willow',
] as const;
export const brandTails = [
  'beck', 'bourne', 'bridge', 'brook', 'by', 'combe', 'dale', 'den', 'fell', 'field', 'ford', 'garth', 'gate', 'haven', 'holm', 'hurst', 'keld',
  'leigh', 'mere', 'mill', 'moor', 'ness', 'rigg', 'shaw', 'stead', 'thwaite', 'vale', 'wick', 'wood', 'worth',
] as const;

export const modelWords = [
  'Aria', 'Atlas', 'Basalt', 'Bay', 'Breeze', 'Calm', 'Cove', 'Crest', 'Dawn', 'Delta', 'Drift', 'Dune', 'Echo', 'Ember', 'Fjord', 'Flow', 'Frost',
  'Gale', 'Glade', 'Grove', 'Harbour', 'Haze', 'Isle', 'Jade', 'Kite', 'Lagoon', 'Lark', 'Loft', 'Luna', 'Meadow', 'Mesa', 'Mica', 'Moss', 'Nimbus',
  'Nova', 'Oasis', 'Opal', 'Orbit', 'Pine', 'Plume', 'Prairie', 'Quartz', 'Rapid', 'Reef', 'Ridge', 'Ripple', 'Sage', 'Shore', 'Sierra', 'Silk',
  'Slate', 'Solstice', 'Spruce', 'Stone', 'Summit', 'Terra', 'Tide', 'Timber', 'Vista', 'Wren', 'Zephyr', 'Zenith',
] as const;

export const adjectives = [
  'sturdy', 'light', 'quiet', 'warm', 'simple', 'well-made', 'hard-wearing', 'compact', 'generous', 'elegant', 'practical', 'soft', 'bright',
  'handy', 'understated', 'cheerful', 'reliable', 'handsome', 'slim', 'comfortable',
] as const;
export const materials = ['oak', 'beech', 'steel', 'linen', 'cotton', 'wool', 'glass', 'stoneware', 'cork', 'bamboo', 'brass', 'recycled plastic'] as const;
export const colours = ['black', 'white', 'red', 'blue', 'green', 'sand', 'grey', 'yellow', 'navy', 'rose'] as const;
export const sizes = ['XS', 'S', 'M', 'L', 'XL', 'XXL'] as const;
export const uses = [
  'It does one thing and does it well.', 'Made to be repaired, not replaced.', 'Easy to clean and easy to store.',
  'A good present for somebody who has everything.', 'It looks better the longer it is used.', 'Packed without plastic.',
  'Fits small flats and large hands.', 'Tested by people who use it every day.', 'It comes with a short, readable manual.',
] as const;

export const givenNames = [
  'Ada', 'Amir', 'Anna', 'Aoife', 'Björn', 'Carla', 'Chidi', 'Dana', 'Elif', 'Emil', 'Fatima', 'Femi', 'Greta', 'Hana', 'Hugo', 'Ines', 'Ivo', 'Jakub',
  'Jun', 'Kofi', 'Lena', 'Liam', 'Lucía', 'Maja', 'Mateo', 'Mei', 'Mira', 'Nadia', 'Noor', 'Olga', 'Omar', 'Paula', 'Priya', 'Rosa', 'Sami', 'Sofía',
  'Tariq', 'Tove', 'Uma', 'Yara', 'Yuki', 'Zoë',
] as const;
export const familyNames = [
  'Adeyemi', 'Almeida', 'Andersen', 'Bakker', 'Bauer', 'Byrne', 'Costa', 'Demir', 'Dubois', 'Eriksson', 'Fischer', 'Garcia', 'Haddad', 'Horvat',
  'Ibrahim', 'Ito', 'Jansen', 'Kaya', 'Keller', 'Kowalski', 'Lindqvist', 'Lopes', 'Marino', 'Mensah', 'Moreau', 'Nguyen', 'Novak', 'Okafor', 'Patel',
  'Petrov', 'Popescu', 'Quinn', 'Rossi', 'Sato', 'Schmid', 'Silva', 'Tanaka', 'Vogel', 'Weber', 'Yılmaz',
] as const;

/** By rating 1–5. The fourth phrase of rating 5 holds HTML on purpose: it must be shown as text. */
export const reviewPhrases: readonly (readonly string[])[] = [
  ['Broke in the first week.', 'Not what the picture shows.', 'Arrived late and scratched.', 'I sent it back.'],
  ['Does its job, barely.', 'Thinner than I expected.', 'The colour faded quickly.', 'Too small for me.'],
  ['Fine for the price.', 'Neither good nor bad.', 'Works, but the manual does not.', 'Average in every way.'],
  ['Very solid, one star less for the packaging.', 'Good quality.', 'Would buy it again.', 'Nearly perfect.'],
  ['Exactly what I was looking for.', 'My favourite thing in the house.', 'Bought a second one for my sister.',
    '<b>Great!</b> <script>alert("never runs")</script> five stars', 'Überraschend gut & schön.'],
];

/** Names outside plain English: right to left, other scripts, combining marks, astral characters. By product index. */
export const unusualNames: Readonly<Record<number, string>> = {
  3: 'מנורת שולחן כפרית',
  8: 'مصباح الحديقة الصغير',
  13: '手作りの湯のみ 白磁',
  21: 'Cafetière à piston « Écume »',
  27: 'Blåbær‑Øre Strikkejakke',
  34: 'Z̈oe’s Ñandú Kit 🦤✨',
  41: 'Чайник «Самовар»',
};
