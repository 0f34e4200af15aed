"""Words of choices and of a help text: nothing changes in the database."""

import django.contrib.postgres.fields
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sharing', '0015_words_of_objections'),
    ]

    operations = [
        migrations.AlterField(
            model_name='question',
            name='choices',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60, validators=[django.core.validators.MinLengthValidator(1)]), blank=True, default=list, help_text='Separated by commas; for “One of several” only.', size=8, verbose_name='choices'),
        ),
        migrations.AlterField(
            model_name='sharelink',
            name='channel',
            field=models.CharField(choices=[('link', 'Copied link'), ('whatsapp', 'WhatsApp'), ('mail', 'Email'), ('qr', 'QR code'), ('share_sheet', 'Share sheet'), ('messenger', 'Messenger'), ('wechat', 'WeChat'), ('telegram', 'Telegram'), ('instagram', 'Instagram story'), ('person', 'A close friend')], default='link', max_length=12),
        ),
    ]
