// The words and numbers that lead every published list of leaked passwords, lower case. Their variants (capital letter,
// swapped letters, a number or a sign behind) are covered by the policy, so only stems and fixed forms stand here.
const words = `
password passwort passw0rd motdepasse contrasena senha haslo wachtwoord parola heslo salasana losenord
qwerty qwertyuiop qwertz qwertzuiop azerty azertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc qweasd qweasdzxc qwaszx
letmein welcome willkommen bienvenue admin administrator root toor login guest user default changeme secret test tester testing
iloveyou loveyou lovely love loveme lovers sweetheart sweety honey baby babygirl babygurl princess prince angel angels
sunshine rainbow flower flowers butterfly summer winter spring autumn monday friday january february march april october november december
football baseball basketball softball soccer hockey tennis golfer volleyball swimming liverpool chelsea arsenal barcelona juventus realmadrid manchester
dragon monkey tigger tiger lion eagle eagles falcon dolphin dolphins panther panthers kitten kitty puppy doggie bulldog mustang horses turtle spider
superman batman spiderman ironman starwars startrek pokemon pikachu naruto minecraft fortnite roblox nintendo playstation gandalf matrix hellokitty
michael jordan jennifer jessica ashley amanda nicole daniel andrew joshua matthew robert thomas charlie george michelle hannah samantha anthony
william alexander alexandra sebastian maximilian christian christopher benjamin elizabeth victoria patricia richard stephanie jonathan nicholas
master shadow killer hunter ranger warrior knight samurai ninja wizard phoenix legend champion gangster gangsta badboy
computer internet windows microsoft samsung google facebook instagram youtube whatsapp linkedin twitter dropbox android iphone apple
whatever nothing trustno trustnoone freedom forever blessed jesus jesuschrist godisgood heaven faith hope blink friends family mother father
cheese chocolate banana orange cookie cookies pepper ginger coffee whiskey guinness peanut butter bubbles snoopy garfield
mercedes porsche ferrari corvette camaro yamaha harley honda toyota maverick dakota london paris berlin america canada australia
abcdef abcdefg abcdefgh abcd1234 abc123 a1b2c3 a1b2c3d4 aa123456 q1w2e3r4 q1w2e3r4t5 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 zaq12wsx zaq1zaq1
123qwe 123abc 12qwaszx qwe123 qwer1234 asdf1234 asd123 pass pass1234 password1 p455w0rd letmein1 welcome1 admin123 access access14
12345678 123456789 1234567890 0123456789 987654321 9876543210 87654321 11223344 112233445566 12341234 123123123 12121212 123321123 147258369
159753456 741852963 789456123 10203040 123454321 1234554321 102030405060 11111111 00000000 99999999 88888888 66666666 55555555 12344321
19841984 20202020 11112222 01234567 12345679 123456781 135792468 24681012 31415926 314159265 27182818 123654789 963852741 321321321 456456456
correcthorsebatterystaple ihateyou fuckyou fuckoff asshole bullshit pussy biteme blowme
startfinish passpass passport pa55word superstar rockstar rocknroll metallica slipknot nirvana greenday blink182 eminem beyonce madonna
trustnoi letsgo mynoob myspace hotmail yahoo gmail outlook mypassword mypass newpassword oldpassword yourpassword thispassword nopassword
`;

/** Lower-case passwords and stems of passwords that are tried first by everybody who guesses. */
export const commonPasswords: ReadonlySet<string> = new Set(words.split(/\s+/u).filter((word) => word !== ''));
