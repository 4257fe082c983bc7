using System.Text.Json;
using Vorel.Core.Errors;
using Vorel.Core.Json;

namespace Vorel.Core.Records;

/// <summary>
/// A request body, checked against its kind: the fields it names and their values. Attributes stay JSON, because what
/// they come to depends on what is there.
/// </summary>
internal sealed class RecordInput
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    private RecordInput(RecordKind kind) => Kind = kind;

    public RecordKind Kind { get; }

    /// <summary>The named fields; null means null was sent.</summary>
    public IReadOnlyDictionary<string, object?> Values => _values;

    /// <summary>Checks the body of a create.</summary>
    /// <exception cref="ValidationException">With everything that is wrong.</exception>
    public static RecordInput ForCreate(RecordKind kind, JsonElement body)
    {
        var errors = new List<FieldError>();
        var input = Read(kind, body, field => field.Creatable, "cannot be set", errors);
        errors.AddRange(kind.Fields
            .Where(field => field.Required && !body.TryGetProperty(field.Name, out _))
            .Select(field => new FieldError("/" + field.Name, "is required")));
        return errors.Count == 0 ? input : throw new ValidationException(errors);
    }

    /// <summary>Checks the body of a PATCH: at least one field, and only such as may change.</summary>
    /// <exception cref="ValidationException">With everything that is wrong.</exception>
    public static RecordInput ForPatch(RecordKind kind, JsonElement body)
    {
        var errors = new List<FieldError>();
        var input = Read(kind, body, field => field.Updatable, "cannot be changed", errors);
        if (errors.Count == 0 && input._values.Count == 0)
        {
            errors.Add(new FieldError("", "must name at least one field to change"));
        }

        return errors.Count == 0 ? input : throw new ValidationException(errors);
    }

    private static RecordInput Read(RecordKind kind, JsonElement body, Func<RecordField, bool> allowed, string refusal, List<FieldError> errors)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new ValidationException("", "must be a JSON object");
        }

        var input = new RecordInput(kind);
        foreach (var member in body.EnumerateObject())
        {
            var pointer = JsonPath.StepOf(member.Name);
            var field = kind.Field(member.Name);
            if (field is null)
            {
                errors.Add(new FieldError(pointer, $"is not a field of a {kind.Name}"));
            }
            else if (!allowed(field))
            {
                errors.Add(new FieldError(pointer, refusal));
            }
            else if (FieldRules.Check(field, member.Value, out var value) is { } problem)
            {
                errors.Add(new FieldError(pointer, problem));
            }
            else
            {
                input._values[field.Name] = value;
            }
        }

        return input;
    }
}
