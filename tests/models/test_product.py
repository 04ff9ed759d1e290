"""Rows times a fixed matrix."""

import pytest
import torch
from torch.nn import functional

from voxemo_scan.models import product
from voxemo_scan.models.product import Product


@pytest.fixture(params=["laid out", "as it is"])
def laid_out(request, monkeypatch):
    """Multiply with the matrix laid out beforehand, if that can be, or as if it could not."""
    if request.param == "as it is":
        monkeypatch.setattr(product, "_lay_out", lambda weight: None)


@pytest.mark.usefixtures("laid_out")
@pytest.mark.parametrize("bent", [False, True])
@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("rows", [(1,), (33,), (5, 7)])
def test_it_is_the_product_of_what_it_is_given(bent, precision, rows):
    torch.manual_seed(0)
    given, layer = torch.randn(*rows, 48), torch.nn.Linear(48, 80)
    with torch.inference_mode():
        found = Product.of(layer, precision, bent=bent)(given)
        expected = functional.gelu(layer(given)) if bent else layer(given)
    assert found.dtype == precision
    tolerance = 1e-5 if precision == torch.float32 else 0.03
    torch.testing.assert_close(found.float(), expected, atol=tolerance, rtol=tolerance)


@pytest.mark.usefixtures("laid_out")
def test_a_convolutions_rows_are_what_its_kernel_covers():
    torch.manual_seed(0)
    given, layer = torch.randn(6, 20), torch.nn.Conv1d(6, 10, 3)
    rows = given.T.flatten().as_strided((18, 18), (6, 1))
    with torch.inference_mode():
        found = Product.of(layer, torch.bfloat16)(rows)
        expected = layer(given).T
    torch.testing.assert_close(found.float(), expected, atol=0.03, rtol=0.03)


@pytest.mark.usefixtures("laid_out")
def test_it_does_without_a_bias():
    weight = torch.eye(16, dtype=torch.bfloat16)
    given = torch.randn(3, 16)
    torch.testing.assert_close(Product(weight, None)(given), given.bfloat16())


def test_a_matrix_stays_as_it_is_where_torch_lacks_the_operators(monkeypatch):
    class Older:
        pass

    monkeypatch.setattr(product.torch.ops, "mkldnn", Older())
    given = torch.randn(3, 16)
    weight = torch.eye(16, dtype=torch.bfloat16)
    torch.testing.assert_close(Product(weight, None)(given), given.bfloat16())
