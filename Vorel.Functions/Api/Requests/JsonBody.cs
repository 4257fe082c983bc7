using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Vorel.Core.Json;
using Vorel.Functions.Api.Problems;

namespace Vorel.Functions.Api.Requests;

/// <summary>Reads the body of a public request: JSON in UTF-8 and nothing else, counted while it is read, parsed only once it is whole.</summary>
internal static partial class JsonBody
{
    /// <summary>The body's bytes, not yet parsed.</summary>
    /// <exception cref="RefusedException">415 or 413.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadBytes(HttpContext context)
    {
        CheckType(context.Request);
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await Read(reader, context.RequestAborted);
            if (read.Buffer.Length > SizeLimit.Bytes)
            {
                // Consumed, so that the server can drain the rest instead of breaking the host's pooled connection.
                reader.AdvanceTo(read.Buffer.End);
                throw new RefusedException(Problem.TooLarge);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The body as a <typeparamref name="T"/> whose every member is known.</summary>
    /// <exception cref="RefusedException">415, 413 or 400.</exception>
    /// <exception cref="Core.Errors.ValidationException">The JSON is malformed or ambiguous.</exception>
    public static async Task<T> Read<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        using var document = StrictJson.Parse(await ReadBytes(context));
        try
        {
            return document.Deserialize(type) ?? throw Invalid("");
        }
        catch (JsonException exception)
        {
            throw Invalid(Pointer(exception.Path));
        }
    }

    private static async Task<ReadResult> Read(PipeReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // The size of a chunk that no number holds: the one fault of a body that the server does not tell as the caller's.
            throw new RefusedException(Problem.Validation with { Closes = true });
        }
    }

    private static void CheckType(HttpRequest request)
    {
        if (request.Headers.ContentType is not [{ } type] || !JsonType().IsMatch(type) || request.Headers.ContentEncoding.Count > 0)
        {
            throw new RefusedException(Problem.UnsupportedMediaType);
        }
    }

    /// <summary>The serializer says <c>$.a[0]</c>; a name that needs quoting is not one of ours and is not repeated.</summary>
    private static string Pointer(string? path) => path is null || path.Contains('\'', StringComparison.Ordinal)
        ? ""
        : path.TrimStart('$').Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

    private static RefusedException Invalid(string pointer) =>
        new(Problem.Invalid(new ProblemError(pointer, "lacks a member, has an unknown one, or one of the wrong type")));

    // One type, and of its parameters at most one charset: what names two is read as one by some and as the other by others.
    [GeneratedRegex("""^application/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8"))?\z""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JsonType();
}
