using Azure;

namespace Vorel.Azure.Tables;

/// <summary>The answer to a point read that found no row.</summary>
internal sealed class MissingEntityResponse(Response response) : NullableResponse<TableEntity>
{
    public override bool HasValue => false;

    public override TableEntity Value => throw new InvalidOperationException("The row does not exist.");

    public override Response GetRawResponse() => response;
}
