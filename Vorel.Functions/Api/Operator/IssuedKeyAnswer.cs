using Vorel.Core.Security.ApiKeys;

namespace Vorel.Functions.Api.Operator;

/// <summary>A new API key, with its text, which is shown this once.</summary>
internal sealed record IssuedKeyAnswer(
    Guid Id, string Name, string Prefix, string LastFour, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, string Key)
{
    public static IssuedKeyAnswer Of(IssuedApiKey issued)
    {
        var key = issued.Key;
        return new IssuedKeyAnswer(key.Id, key.Name, key.Prefix, key.LastFour, key.Scopes, key.CreatedAt, issued.Text);
    }

    /// <inheritdoc/>
    public override string ToString() => nameof(IssuedKeyAnswer);
}
