using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Records;

namespace Vorel.EndToEnd.Tests.Privacy;

/// <summary>What the proof of the purge rests on: every free field gets a canary, and none hides from the search.</summary>
public sealed class CanarySearchTests
{
    private static readonly Canary s_canary = new("Qzkvbw-jxh+14155550177", "here");

    public static TheoryData<string> Kinds { get; } = [.. RecordKinds.All.Append(RecordKinds.Offering).Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_free_field_of_every_kind_gets_a_canary_that_its_value_shows(string name)
    {
        var kind = RecordKinds.All.Append(RecordKinds.Offering).Single(kind => kind.Name == name);
        var canaries = new Canaries(DateTimeOffset.UtcNow);
        foreach (var field in kind.Fields.Where(Canaries.IsFree))
        {
            var before = canaries.All.Count;
            var value = canaries.Value(kind, field);
            var planted = canaries.All.Skip(before).ToList();

            Assert.NotEmpty(planted);
            Assert.Equal(planted, [.. new CanarySearch(canaries.All).In([value.ToJsonString()]).Select(sighting => sighting.Canary).Distinct().OrderBy(planted.IndexOf)]);
        }

        Assert.Equal(canaries.All.Count, canaries.All.Select(canary => canary.Text).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void A_type_of_field_that_nobody_has_thought_of_is_no_silent_gap()
    {
        var field = new RecordField("tint", (FieldType)int.MaxValue);

        Assert.True(Canaries.IsFree(field));
        Assert.Throws<NotSupportedException>(() => new Canaries(DateTimeOffset.UtcNow).Value(RecordKinds.Lead, field));
    }

    [Fact]
    public void Finds_a_text_however_it_is_written_and_whatever_is_around_it()
    {
        var text = s_canary.Text;
        List<string> spellings =
        [
            text, text.ToUpperInvariant(), text.ToLowerInvariant(),
            string.Concat(text.Select(letter => $"\\u{(int)letter:X4}")),
            JsonSerializer.Serialize(text), JsonValue.Create(text).ToJsonString(),
            Uri.EscapeDataString(text), string.Concat(Encoding.UTF8.GetBytes(text).Select(letter => $"%{letter:X2}")),
            string.Concat(text.Select(letter => $"&#x{(int)letter:x};")),
            Convert.ToHexString(Encoding.UTF8.GetBytes(text)), Convert.ToHexStringLower(Encoding.Unicode.GetBytes(text)),
            Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(text)), Encoding.Latin1.GetString(Encoding.BigEndianUnicode.GetBytes(text)),
        ];
        foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode])
        {
            for (var length = 0; length < 3; length++)
            {
                byte[] bytes = [.. new byte[length].Select(_ => (byte)'z'), .. encoding.GetBytes(text), .. "and so on"u8];
                spellings.Add(Convert.ToBase64String(bytes));
                spellings.Add(System.Buffers.Text.Base64Url.EncodeToString(bytes));
            }
        }

        var search = new CanarySearch([s_canary]);
        Assert.All(spellings, spelling => Assert.Single(search.In([$"before {spelling} after"])));
    }

    [Fact]
    public void Finds_a_moment_in_each_form_in_which_keys_and_columns_hold_it()
    {
        var canaries = new Canaries(DateTimeOffset.UtcNow);
        var text = canaries.Value(RecordKinds.Appointment, RecordKinds.Appointment.Field("scheduled_start")!).GetValue<string>();
        var moment = DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        var search = new CanarySearch(canaries.All);

        Assert.All(
            [text, moment.ToString("O"), $"{moment.UtcTicks}", $"{moment.ToUnixTimeMilliseconds()}", $"ix|{DateTimeOffset.MaxValue.Ticks - moment.UtcTicks:D19}|"],
            spelling => Assert.Single(search.In([spelling])));
    }

    [Fact]
    public void Tells_several_texts_of_one_place_apart_and_sees_none_where_there_is_none()
    {
        var other = new Canary("another-text", "there");
        var search = new CanarySearch([s_canary, other]);

        Assert.Equal(["here", "there"], search.In([$"{s_canary.Text}{other.Text}{other.Text}"]).Select(sighting => sighting.Canary.Owner));
        Assert.Empty(search.In(["", s_canary.Text[1..], Guid.NewGuid().ToString("N")]));
    }
}
