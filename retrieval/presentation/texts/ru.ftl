# Что терминал и бот говорят об ответах по-русски. Во всех каталогах этой папки одни и те же сообщения с одними и теми
# же переменными.

## Дни

day = { DAY($day, pattern: "d MMMM y") }
days-in-one-month = { DAY($since, pattern: "d") }–{ DAY($until, pattern: "d MMMM y") }
days-in-one-year = { DAY($since, pattern: "d MMMM") } – { DAY($until, pattern: "d MMMM y") }
days-of-several-years = { DAY($since, pattern: "d MMMM y") } – { DAY($until, pattern: "d MMMM y") }
days-since = с { DAY($since, pattern: "d MMMM y") }
days-until = по { DAY($until, pattern: "d MMMM y") }

## О чём и как спрашивать

about =
    Спросите меня о новостях, и я отвечу самими новостями: дословными цитатами из статей, которые у меня есть, с заголовком, изданием, датой и ссылкой. От себя я ничего не пишу, а если ответа в статьях нет, так и скажу.
newest-headlines = Последние заголовки:
examples-heading = Например:
# По вопросу в строке, на случай, если их нет в настройках.
examples =
    Кто под санкциями?
    Что Канада сообщила Роскосмосу?
    Кто требует снять санкции?
follow-up = Можно и уточнять: А когда? Что он об этом сказал? А Норвегия?
no-question = Что вы хотите узнать? Напишите вопрос после команды, например: /ask { $example }
unknown-command = Такой команды я не знаю; /help расскажет, что я умею.

## Ответы на вежливости

talk-greeting = Здравствуйте! Спросите меня о новостях, и я отвечу цитатами из статей.
talk-thanks = Рад помочь. Спрашивайте ещё.
talk-goodbye = До свидания! Возвращайтесь, когда будут новости.
talk-who = Я отвечаю на вопросы о новостях дословными цитатами из статей, а от себя ничего не пишу.
talk-how = Спасибо, всё хорошо. Что вы хотите узнать о новостях?
talk-emoji = 🙂 Спросите меня о новостях словами.
talk-nothing = Что вы хотите узнать из новостей? Спросите в нескольких словах.

## Ответы

refusal = Ответа на это в статьях нет.
refusal-of-day = В статьях за этот день ответа нет.
refusal-of-days = В статьях за эти дни ответа нет.
perhaps = Возможно, ответ здесь:
closest = Ближе всего к вопросу:
more-left = { $count ->
        [one] и ещё { $count } цитата
        [few] и ещё { $count } цитаты
       *[other] и ещё { $count } цитат
    }
nothing-more = Больше у меня об этом ничего нет.
nothing-asked = Сначала спросите что-нибудь, и я покажу больше.
understood = вопрос понят так: { $question }
period = ищу за { $days }
period-open = ищу за период { $days }
unread = найдено только поиском; отвечает ли это на вопрос, не проверено
latest-none = Показать пока нечего.

## Над цитатой и под ней

untitled = Без заголовка
undated = без даты
updated = обновлено { $day }
said-by = говорит { $name }
also-in = также в { $outlets }
also-in-first = также в { $outlets }; впервые { $day }
also-in-outlets = { $count ->
        [one] { $count } издании
       *[other] { $count } изданиях
    }: { $names }
also-in-articles = { $count ->
        [one] { $count } другой статье
       *[other] { $count } других статьях
    }

## Если цитату ищут снова

article-changed = Статья изменилась, и этой цитаты в ней больше нет.
article-changed-now = Теперь на этом месте:
article-ends-before = Теперь статья заканчивается раньше того места, где была цитата.
context-moved = С тех пор статья изменилась, но цитата в ней осталась.

## В терминале

terminal-prompt = вы
terminal-welcome = Спрашивайте о новостях. /help – справка, /quit – выход.
terminal-commands = /more – ещё цитаты, /latest – самые новые статьи; /quit или Ctrl-D – выход.
terminal-loading = загружаю модель …
terminal-more-option = { $count ->
        [one] её
       *[other] их
    } покажет -k { $limit }
terminal-undated = примечание: { $count ->
        [one] не учтена { $count } статья без полной даты
        [few] не учтены { $count } статьи без полной даты
       *[other] не учтено { $count } статей без полной даты
    }
terminal-unknown-outlet = предупреждение: статей издания { $source } нет
terminal-try-outlets = попробуйте { $names }
terminal-try-without = попробуйте без --source

## Что `quotewire ask --explain` говорит о цитате

explain-matched = совпали слова: { $words }
explain-no-match = совпавших слов нет
explain-similarity = близость { $value }
explain-words = слова { $value }
explain-newness = новизна { $value }
explain-article = статья { $value }
explain-search = поиск { $value }
explain-score = оценка { $value }
