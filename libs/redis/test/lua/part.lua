local marker = 'included'
