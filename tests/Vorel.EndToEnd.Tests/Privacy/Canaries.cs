using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Vorel.Core.Records;

namespace Vorel.EndToEnd.Tests.Privacy;

/// <summary>
/// Makes canaries for fields from what the kinds of records say of them, so that a new field gets one without being named anywhere.
/// </summary>
internal sealed class Canaries
{
    private const string Letters = "bcdfghjkmnpqrstvwxz";

    private readonly List<Canary> _all = [];
    private DateTimeOffset _moment;

    /// <param name="moment">Behind this lie the moments that are planted, each a little later than the one before.</param>
    public Canaries(DateTimeOffset moment) => _moment = moment;

    /// <summary>All there are.</summary>
    public IReadOnlyList<Canary> All => _all;

    /// <summary>Whether people can write what they like into a field: not if it is a word of a list, a small number, an id, or a moment of ours.</summary>
    public static bool IsFree(RecordField field) => field.Type switch
    {
        FieldType.Choice or FieldType.Integer or FieldType.Reference or FieldType.Currency => false,
        FieldType.Moment => field.Creatable,
        _ => true,
    };

    /// <summary>A word for what is no field.</summary>
    public string Word(string owner)
    {
        var canary = new Canary(RandomNumberGenerator.GetString(Letters, 16), owner);
        _all.Add(canary);
        return canary.Text;
    }

    /// <summary>A value with a canary of its own in each place of a field that can hold one.</summary>
    /// <exception cref="NotSupportedException">Nobody has said yet what a canary of this type of field looks like.</exception>
    public JsonNode Value(RecordKind kind, RecordField field)
    {
        var owner = $"{kind.Name}.{field.Name}";
        return field.Type switch
        {
            FieldType.Text => Word(owner),
            FieldType.Email => $"{char.ToUpperInvariant(Letters[0])}{Word(owner)}@{Word(owner)}.Example.com",
            FieldType.Phone => "+" + Digits(owner, 15),
            FieldType.Link => Link(owner),
            FieldType.Links => new JsonArray(Link(owner), Link(owner)),
            FieldType.Language => Language(owner),
            FieldType.Date => Add(new Canary(DateOnly.FromDayNumber(RandomNumberGenerator.GetInt32(800_000, 1_000_000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), owner)),
            FieldType.Price => JsonNode.Parse($"{Digits(owner, 14)}.5")!,
            FieldType.Moment => Moment(owner),
            FieldType.Attributes => new JsonObject { [Word(owner)] = Word(owner), [Word(owner)] = new JsonObject { ["list"] = new JsonArray(Word(owner)) } },
            _ => throw new NotSupportedException($"{owner} is a {field.Type}: say what a canary of that looks like, or that it cannot hold one."),
        };
    }

    private string Add(Canary canary)
    {
        _all.Add(canary);
        return canary.Text;
    }

    private string Digits(string owner, int count) =>
        Add(new Canary(RandomNumberGenerator.GetString("123456789", count), owner));

    private string Link(string owner) => $"https://example.com/{Word(owner)}?of={Word(owner)}";

    private string Language(string owner) =>
        Add(new Canary(RandomNumberGenerator.GetString(Letters, 2) + "-" + RandomNumberGenerator.GetString(Letters, 2).ToUpperInvariant(), owner));

    private string Moment(string owner)
    {
        _moment = new DateTimeOffset((_moment + TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(60_000, 3_600_000))).UtcTicks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
        var text = _moment.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture);
        Add(new Canary(text, owner)
        {
            Forms =
            [
                _moment.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                _moment.UtcTicks.ToString(CultureInfo.InvariantCulture),
                (DateTimeOffset.MaxValue.Ticks - _moment.UtcTicks).ToString("D19", CultureInfo.InvariantCulture),
            ],
        });
        return text + "Z";
    }
}
