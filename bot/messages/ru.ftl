# Что говорит по-русски только бот; общее с терминалом – в retrieval/presentation/texts. Во всех каталогах этой папки
# одни и те же сообщения с одними и теми же переменными.

## Справка

commands-heading = Просто напишите вопрос или выберите команду:
help-ask = задать вопрос
help-more = ещё цитаты по последнему вопросу
help-context = текст вокруг цитаты: /context 2
help-sources = какие у меня есть издания и за какие дни
help-latest = самые новые статьи
help-since = только статьи начиная с какого-то дня: /since 2022-03-01
help-source = только статьи одного издания: /source ТАСС
help-reset = снова все статьи
help-watch = сообщить, когда появится новый ответ: /watch кто под санкциями?
help-watches = вопросы, за которыми я слежу для вас
help-forget = стереть всё, что я о вас храню
help-help = это сообщение
admin-commands-heading = Для администраторов, только в этом чате:
help-status = как я работаю
help-reindex = перечитать статьи
help-rollback = вернуться к предыдущему индексу
help-add = добавить статью: текстом, файлом или пересланным сообщением
help-broadcast = написать всем
in-groups = В группе спрашивайте командой /ask с вопросом, упомяните меня или ответьте на моё сообщение.

## Сообщения, которые не вопросы

help-words =
    помощь
    справка
    команды
edited-to-command = Это был вопрос, а теперь это команда. Чтобы выполнить её, отправьте её, пожалуйста, новым сообщением.
too-long = Какой длинный вопрос! Пожалуйста, уложитесь в { $limit ->
        [one] { $limit } знак
        [few] { $limit } знака
       *[other] { $limit } знаков
    }.
not-text-photo = Смотреть картинки я не умею, только читать. Пожалуйста, напишите вопрос.
not-text-voice = Слушать я не умею, только читать. Пожалуйста, напишите вопрос.
not-text-sticker = Симпатично! Но я умею читать только текст. Пожалуйста, напишите вопрос.
not-text-other = Я умею читать только текст. Пожалуйста, напишите вопрос.
file-not-allowed = Спасибо, но файлы я принимаю только от тех, кто может добавлять статьи. Пожалуйста, напишите вопрос.

## Ошибки и ограничения

error = Что-то пошло не так (номер { $id }). Пожалуйста, попробуйте позже.
busy = Столько вопросов сразу! Пожалуйста, попробуйте через минуту.
one-moment = Одну минутку: я продолжу отвечать через { $seconds ->
        [one] { $seconds } секунду
        [few] { $seconds } секунды
       *[other] { $seconds } секунд
    }. Спрашивать снова не нужно.
too-many-questions = Одну минутку: снова спросить можно будет через { $seconds ->
        [one] { $seconds } секунду
        [few] { $seconds } секунды
       *[other] { $seconds } секунд
    }.
stranger = Простите, я отвечаю только тем, для кого меня настроили.
too-late = Когда вы спросили, я не работал, и прошло уже немало времени. Если это ещё важно, спросите, пожалуйста, снова.

## Ответы

open-article = открыть статью
context-which = { $count ->
        [one] Цитата всего одна; /context покажет текст вокруг неё.
       *[other] Какую цитату? Их было { $count }; для второй напишите: /context 2
    }
shortened = сокращено; полностью – в статье

## Кнопки и ответы на них

button-more = Ещё цитаты
button-context = Контекст
button-helpful = Полезно
button-not-helpful = Не то
button-open = Открыть статью
feedback-thanks = Спасибо, учту.
feedback-retracted = Оценка убрана.
not-your-button = Эти кнопки для того, кто спрашивал. Спросите меня сами, и у вас будут свои.
answer-gone = Этого ответа у меня больше нет. Пожалуйста, спросите снова.
article-gone = К сожалению, этой статьи у меня больше нет.

## Фильтры чата

filters-line = только { $filters } (/reset – все статьи)
filter-since-set = Теперь я ищу только в статьях с { $day }. Снова искать во всех: /reset.
filter-since-future = { $day } ещё не наступило, и таких статей быть не может. Всё осталось как было.
filter-source-set = Теперь я ищу только в статьях издания { $source }. Снова искать во всех: /reset.
filter-unknown-source = Статей издания { $source } у меня нет.
filter-suggestions = Может быть, { $sources }?
bad-date = Не понимаю эту дату. Напишите её, пожалуйста, так: /since 2022-03-01
bad-source = Какое издание? Напишите его после команды, например: /source { $example }; список изданий: /sources.
filters-cleared = Готово: я снова ищу во всех статьях.
no-filters = Фильтров нет, я ищу во всех статьях.

## Издания и самые новые статьи

sources-heading = { $articles ->
        [one] { $articles } статья
        [few] { $articles } статьи
       *[other] { $articles } статей
    }{ $outlets ->
        [0] { "" }
        [one] { " " }из { $outlets } издания
       *[other] { " " }из { $outlets } изданий
    }
sources-undated = { $count ->
        [one] { $count } статья без даты
        [few] { $count } статьи без даты
       *[other] { $count } статей без даты
    }
sources-outlet = { $outlet }: { $count }
sources-rest = и ещё { $count }
sources-unnamed = без названия издания: { $count }
sources-none = Статей у меня пока нет.
latest-heading = Самое новое:

## Вопросы, за которыми бот следит

watch-set = Я напишу вам, когда появится новый ответ на вопрос: { $question }
watch-limit = { $limit ->
        [0] Следить за вопросами я здесь не умею.
        [one] Я могу следить только за { $limit } вопросом и уже за ним слежу. Отказаться от него можно в /watches.
       *[other] Я могу следить не больше чем за { $limit } вопросами и уже за ними слежу. Отказаться от лишних можно в /watches.
    }
watch-list = Я слежу для вас за вопросами:
watch-none = Я пока ни за чем для вас не слежу. Чтобы я следил, напишите: /watch { $example }
watch-ended = Готово, больше не слежу за вопросом: { $question }
watch-notice = Новое по вашему вопросу: { $question }
watch-no-question = За каким вопросом следить? Напишите его после команды, например: /watch { $example }

## /forget

forget-question = Я сотру всё, что храню о вас во всех чатах: вопросы с ответами, оценки, вопросы, за которыми слежу, фильтры и язык. Отменить это нельзя.
forget-as-yourself = Забыть я могу только человека. Напишите это, пожалуйста, от своего имени.
forget-cancelled = Ничего не стёрто.
forget-waiting = Стираю. Напишу здесь, когда и на диске ничего не останется: когда все ваши сообщения будут обработаны и мою базу не будет читать другая программа.
forget-nothing = О вас я ничего не храню.
forget-done = Готово, я стёр всё, что о вас хранил: { $erased }.
forgot-answers = { $count ->
        [one] { $count } ответ
        [few] { $count } ответа
       *[other] { $count } ответов
    }
forgot-feedback = { $count ->
        [one] { $count } оценку
        [few] { $count } оценки
       *[other] { $count } оценок
    }
forgot-watches = { $count ->
        [one] { $count } вопрос, за которым следил
        [few] { $count } вопроса, за которыми следил
       *[other] { $count } вопросов, за которыми следил
    }
forgot-chats = язык и фильтры
forgot-updates = { $count ->
        [one] { $count } сообщение, которое не удалось обработать
        [few] { $count } сообщения, которые не удалось обработать
       *[other] { $count } сообщений, которые не удалось обработать
    }
forgot-broadcasts = { $count ->
        [one] { $count } неотправленную рассылку
        [few] { $count } неотправленные рассылки
       *[other] { $count } неотправленных рассылок
    }
button-forget = Стереть всё
button-cancel = Отмена

## Inline-режим

inline-button = Спросить меня наедине
inline-empty = Ответа в статьях нет

## Команды, как их показывает Телеграм

command-ask = Задать вопрос о новостях
command-more = Ещё цитаты по последнему вопросу
command-context = Текст вокруг цитаты
command-sources = Издания и дни статей
command-latest = Самые новые статьи
command-since = Только статьи начиная с какого-то дня
command-source = Только статьи одного издания
command-reset = Снова все статьи
command-watch = Сообщить, когда появится новый ответ
command-watches = За какими вопросами бот следит
command-forget = Стереть всё, что обо мне хранится
command-help = Что я умею, с примерами
command-status = Как работает бот
command-reindex = Перечитать статьи
command-rollback = Вернуться к предыдущему индексу
command-add = Добавить статью
command-broadcast = Написать всем

## Администраторам

reader-missing = Ответы найдены только поиском, и отвечают ли они на вопрос, не проверено: модель, которая это проверяет, не работает: { $reason }
index-refused = Новый индекс использовать нельзя, отвечает по-прежнему предыдущий: { $reason }
error-report = Ошибка { $id }: { $kind } в { $place }
error-report-others = и ещё { $count } до неё

duration-moment = меньше минуты
duration-minutes = { $count ->
        [one] { $count } минуту
        [few] { $count } минуты
       *[other] { $count } минут
    }
duration-hours = { $count ->
        [one] { $count } час
        [few] { $count } часа
       *[other] { $count } часов
    }
duration-days = { $count ->
        [one] { $count } день
        [few] { $count } дня
       *[other] { $count } дней
    }

status-generation = Поколение { $generation }, построено { $age } назад
status-answering = Пока отвечает поколение { $generation }, до следующего вопроса
status-draft = Это черновик: полная модель ещё не обработала { $count ->
        [one] { $count } отрывок
        [few] { $count } отрывка
       *[other] { $count } отрывков
    }
status-articles = { $articles ->
        [one] { $articles } статья
        [few] { $articles } статьи
       *[other] { $articles } статей
    }, { $passages ->
        [one] { $passages } отрывок
        [few] { $passages } отрывка
       *[other] { $passages } отрывков
    }
status-model = Модель: { $model }
status-outlets = Издания: { $outlets }{ $more ->
        [0] {""}
       *[other] {" "}и ещё { $more }
    }
status-waiting = { $count ->
        [0] Ничего не ждёт
        [one] Ждёт { $count } сообщение, самое старое { $age }
        [few] Ждут { $count } сообщения, самое старое { $age }
       *[other] Ждут { $count } сообщений, самое старое { $age }
    }
status-aside = Не удалось обработать: { $count }
status-chats = Людей: { $people }, групп: { $groups }
status-errors = Последние ошибки: { $errors }
status-error = { $id } ({ $age } назад)
status-no-errors = Ошибок нет
status-running = Работаю { $age }, версия { $version }

button-reindex = Прочитать статьи сейчас
admin-only-in-private = Это я делаю только в личном чате со мной.
reindex-started = Читаю статьи …
reindex-running = Это уже делается; ход работы показан в том сообщении.
reindex-done = Готово: отвечает поколение { $generation }, в нём { $articles ->
        [one] { $articles } статья
        [few] { $articles } статьи
       *[other] { $articles } статей
    }, { $passages ->
        [one] { $passages } отрывок
        [few] { $passages } отрывка
       *[other] { $passages } отрывков
    }.
reindex-unchanged = Ничего не изменилось: отвечает поколение { $generation }, в нём { $articles ->
        [one] { $articles } статья
        [few] { $articles } статьи
       *[other] { $articles } статей
    }, { $passages ->
        [one] { $passages } отрывок
        [few] { $passages } отрывка
       *[other] { $passages } отрывков
    }.
reindex-draft = { $count ->
        [one] { $count } отрывок полная модель обработает позже
        [few] { $count } отрывка полная модель обработает позже
       *[other] { $count } отрывков полная модель обработает позже
    }; ход работы покажет /status.
reindex-warnings = Предупреждения:
reindex-more-warnings = и ещё { $count }
reindex-failed = Не получилось, отвечает по-прежнему предыдущий индекс: { $reason }
reindex-stopped = Меня остановили раньше, чем это было сделано. Отвечает по-прежнему предыдущий индекс; /reindex продолжит.
reindex-cut-short = Меня прервали, и чем это кончилось, я не знаю. Какие статьи отвечают, покажет /status; /reindex прочитает их снова.

rollback-done = Теперь отвечает поколение { $generation }.
rollback-usage = Назовите поколение по номеру, например: /rollback 3. Без номера я вернусь к предыдущему.
rollback-failed = Ничего не изменено: { $reason }

button-add = Добавить как статью
add-usage = Напишите статью после команды, отправьте файл ({ $endings }) с подписью /add или ответьте на сообщение командой /add.
add-offer = Добавить это как статью?
add-format = Я могу добавить такие файлы: { $endings }.
add-too-large = Файл слишком большой: я могу принять { $megabytes } МБ. Скопируйте его, пожалуйста, в папку статей.
add-done = { $articles ->
        [one] Добавлена { $articles } статья
        [few] Добавлены { $articles } статьи
       *[other] Добавлено { $articles } статей
    }: { $name }
add-problems = { $count ->
        [one] Примите к сведению: { $first }
       *[other] Примите к сведению ({ $count }), для начала: { $first }
    }
add-then = Опубликует это следующий /reindex.
add-already-there = Это уже есть: { $name }
add-failed = Ничего не добавлено: { $reason }

broadcast-usage = Что написать? Напишите это после команды, например: /broadcast В воскресенье бот не работает.
broadcast-too-long = Это слишком длинно: я могу отправить { $limit } знаков.
broadcast-question = { $count ->
        [one] Отправить это { $count } человеку?
       *[other] Отправить это { $count } людям?
    }
broadcast-cancelled = Ничего не отправлено.
broadcast-progress = Отправлено: { $sent }, не получили: { $failed }, осталось: { $left } …
broadcast-done = Отправлено: { $sent }, не получили: { $failed }.
button-send = Отправить

## Вопросы, за которыми бот следит: продолжение

watch-set-before = Я уже слежу для вас за вопросом: { $question }
watch-filters = только { $filters }
watch-known = { $count ->
        [0] Пока ни одна статья на него не отвечает.
        [one] На него уже отвечает { $count } цитата: спросите, и я её покажу. Присылать буду только новое.
        [few] На него уже отвечают { $count } цитаты: спросите, и я их покажу. Присылать буду только новое.
       *[other] На него уже отвечают { $count } цитат: спросите, и я их покажу. Присылать буду только новое.
    }
watch-end = ✕ { $number }. { $question }
watch-rest = и ещё { $count }
watch-ended-before = За этим вопросом я уже не слежу.
