AS_SHIPPED = 'No request has reached your cloud yet: ask for the first page, /instances?limit=2.'
MISTAKES = {
    'no quotes, so that the shell cuts the address at the &': (
        {'curl.sh': ('"$URL/instances?limit=2&marker=$LAST"', '$URL/instances?limit=2&marker=$LAST')},
        'This is the first page. For the next one, send limit=2&marker=ID, and put quotes around the address.',
    ),
    'the number of the page': (
        {'curl.sh': ('marker=$LAST', 'marker=2')},
        'Your last request was answered 400 ("There is no instance 2 to go on after: send the last id you saw.")',
    ),
    'the first id of the page rather than the last': (
        {'curl.sh': ('tail', 'head')},
        'The marker was not the last id of a page that you had asked for: take the one that stands in instances_links.',
    ),
    'no limit on the second page': (
        {'curl.sh': ('limit=2&marker', 'marker')},
        'Your last request asked for no limit: ask for limit=2, on every page.',
    ),
}
